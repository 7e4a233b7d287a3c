import { setDesktopPreferences } from '../services/desktop/desktop-preferences.ts'
import type { Procedures } from './procedures.ts'

export function desktopHandlers(procedures: Procedures['desktop']) {
  return {
    setPreferences: procedures.setPreferences.handler(({ context, input }) =>
      setDesktopPreferences(context.parts, input),
    ),
  }
}
