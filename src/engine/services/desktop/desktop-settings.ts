import { desktopPreferencesSchema, type DesktopPreferences } from '../../../contract/desktop-preferences.ts'
import type { EngineParts } from '../core/parts.ts'

const KEY = 'desktop.preferences'
const NOTHING_CHOSEN: DesktopPreferences = { onClose: null, startAtLogin: false }

export function desktopPreferences({ vault }: EngineParts): DesktopPreferences {
  const stored = vault.settings.get(KEY)
  return stored === undefined ? NOTHING_CHOSEN : desktopPreferencesSchema.parse(JSON.parse(stored))
}

/** To be called inside a change. */
export function storeDesktopPreferences({ vault }: EngineParts, preferences: DesktopPreferences): void {
  vault.settings.set(KEY, JSON.stringify(preferences))
}
