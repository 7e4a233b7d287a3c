import { existsSync, readFileSync, rmSync } from 'node:fs'
import { autostartMark, autostartPlace } from '../../contract/engine/autostart-place.ts'
import type { TrustOutcome, TrustStep } from '../../contract/trust/trust.ts'
import { fileSentence } from '../trust/stores/store.ts'
import { desktopPreferences } from '../core/settings.ts'
import type { SetupNeeds } from './needs.ts'
import { setDesktopPreferences } from '../settings/desktop-preferences.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import type { Change } from '../changes/changes.ts'

/**
 * Undo of starting at login; none if it is off. Outside of Linux the desktop app follows the setting; on
 * Linux the entry is removed here too, since the app may never start again.
 */
export function loginChanges(parts: SetupNeeds): Change[] {
  const { platform, env, home } = hostEnvironmentOf(parts)
  const place = platform === 'linux' ? autostartPlace(env, home, parts.folder) : null
  const isThere = place !== null && isOurs(place)
  if (!isThere && !desktopPreferences.read(parts.vault).startAtLogin) return []
  const step: TrustStep = {
    store: 'login',
    title: 'start at login',
    location: place ?? 'the login items of this system',
    change: 'Edgekeep no longer starts when you log in.',
    elevated: false,
    commands: null,
    obstacle: null,
  }
  return [{ step, act: () => ended(parts, step, isThere ? place : null) }]
}

/** An entry of that name by others is left alone. */
function isOurs(place: string): boolean {
  return existsSync(place) && readFileSync(place, 'utf8').split('\n').includes(autostartMark)
}

async function ended(parts: SetupNeeds, step: TrustStep, place: string | null): Promise<TrustOutcome> {
  const { store, title, change } = step
  try {
    if (place !== null) rmSync(place, { force: true })
  } catch (error) {
    return { store, title, outcome: 'failed', sentence: fileSentence(error, place ?? '') }
  }
  if (desktopPreferences.read(parts.vault).startAtLogin)
    await setDesktopPreferences(parts, { startAtLogin: false })
  return { store, title, outcome: 'done', sentence: change }
}
