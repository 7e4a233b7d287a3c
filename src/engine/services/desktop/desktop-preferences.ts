import type { DesktopPreferences } from '../../../contract/desktop-preferences.ts'
import { commit } from '../core/commit.ts'
import { desktopPreferences, storeDesktopPreferences } from './desktop-settings.ts'
import type { EngineParts } from '../core/parts.ts'

/** Stores what is given and leaves the rest as it was. */
export async function setDesktopPreferences(
  parts: EngineParts,
  wanted: Partial<DesktopPreferences>,
): Promise<DesktopPreferences> {
  const before = desktopPreferences(parts)
  const after = { ...before, ...wanted }
  await commit(parts, () => {
    storeDesktopPreferences(parts, after)
    return { record: { action: 'desktop.preferences', subject: 'desktop', before, after } }
  })
  return after
}
