import type { Procedures } from '../core/procedures.ts'
import { setDesktopPreferences } from './desktop-preferences.ts'
import { setEdgeSettings } from './edge-settings.ts'
import { engineStatus } from './status.ts'

export function engineHandlers(procedures: Procedures['engine']) {
  return {
    status: procedures.status.handler(({ context }) => engineStatus(context.parts)),
    setEdge: procedures.setEdge.handler(({ context, input }) =>
      setEdgeSettings(context.parts, input.settings, input.read),
    ),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      const changes = parts.topics.status.subscribe(signal)
      yield engineStatus(parts)
      yield* changes
    }),
  }
}

export function desktopHandlers(procedures: Procedures['desktop']) {
  return {
    setPreferences: procedures.setPreferences.handler(({ context, input }) =>
      setDesktopPreferences(context.parts, input),
    ),
  }
}
