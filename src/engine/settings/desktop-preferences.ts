import type { DesktopPreferences } from '../../contract/engine/desktop.ts'
import { commit } from '../core/commit.ts'
import { desktopPreferences } from '../core/settings.ts'
import type { SettingsNeeds } from './needs.ts'

export async function setDesktopPreferences(
  parts: SettingsNeeds,
  wanted: Partial<DesktopPreferences>,
): Promise<DesktopPreferences> {
  const before = desktopPreferences.read(parts.vault)
  const after = { ...before, ...wanted }
  await commit(parts, () => {
    desktopPreferences.store(parts.vault, after)
    return { record: { action: 'desktop.preferences', subject: 'desktop', before, after } }
  })
  return after
}
