import { readFileSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { autostartMark, autostartPlace } from '../../contract/engine/autostart-place.ts'
import { hasLingering, isOwnService, servicePlace } from '../../contract/engine/service-place.ts'
import type { TrustStep } from '../../contract/trust/trust.ts'
import { type Change, ownStep, type Result } from '../changes/changes.ts'
import { desktopPreferences } from '../core/settings.ts'
import { setDesktopPreferences } from '../settings/desktop-preferences.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { type HostEnvironment, programOf, run } from '../../platform/commands/host-environment.ts'
import { quoted } from '../../platform/commands/shell.ts'
import { fileSentence } from '../trust/stores/store.ts'
import type { SetupNeeds } from './needs.ts'

/** Undo of starting at login and at boot; none if both are off. */
export function loginChanges(parts: SetupNeeds): Change[] {
  return [...autostartChanges(parts), ...serviceChanges(parts)]
}

/**
 * Outside of Linux the desktop app follows the setting; on Linux the entry is removed here too, since the app
 * may never start again.
 */
function autostartChanges(parts: SetupNeeds): Change[] {
  const { platform, env, home } = hostEnvironmentOf(parts)
  const place = platform === 'linux' ? autostartPlace(env, home, parts.folder) : null
  // An entry of that name by others is left alone.
  const isThere = place !== null && textOf(place).split('\n').includes(autostartMark)
  if (!isThere && !desktopPreferences.read(parts.vault).startAtLogin) return []
  const step = ownStep({
    store: 'login',
    title: 'start at login',
    location: place ?? 'the login items of this system',
    change: 'Edgekeep no longer starts when you log in.',
  })
  return [{ step, act: () => autostartEnded(parts, step, isThere ? place : null) }]
}

async function autostartEnded(parts: SetupNeeds, step: TrustStep, place: string | null): Promise<Result> {
  try {
    if (place !== null) rmSync(place, { force: true })
  } catch (error) {
    return { outcome: 'failed', sentence: fileSentence(error, place ?? '') }
  }
  if (desktopPreferences.read(parts.vault).startAtLogin)
    await setDesktopPreferences(parts, { startAtLogin: false })
  return { outcome: 'done', sentence: step.change }
}

type Call = [program: string, ...words: string[]]

/** The unit's own engine may carry this out, so the unit is not stopped. */
function serviceChanges(parts: SetupNeeds): Change[] {
  const hostEnvironment = hostEnvironmentOf(parts)
  const { platform, env, home } = hostEnvironment
  const place = servicePlace(env, home, parts.folder)
  const text = platform === 'linux' ? textOf(place) : ''
  if (!isOwnService(text)) return []
  const disable: Call[] = [['systemctl', '--user', 'disable', basename(place)]]
  const after: Call[] = [
    ['systemctl', '--user', 'daemon-reload'],
    ...(hasLingering(text) ? [['loginctl', 'disable-linger'] satisfies Call] : []),
  ]
  const lines = [...disable, ['rm', place], ...after].map((words) => words.map(quoted).join(' '))
  const step: TrustStep = {
    ...ownStep({
      store: 'service',
      title: 'the systemd unit',
      location: place,
      change: `Removes the systemd unit ${place}; Edgekeep no longer starts at boot.`,
    }),
    commands: lines.join('\n'),
  }
  const act = async (): Promise<Result> => {
    const failed = await firstFailure(hostEnvironment, disable)
    if (failed !== null) return { outcome: 'failed', sentence: failed }
    try {
      rmSync(place, { force: true })
    } catch (error) {
      return { outcome: 'failed', sentence: fileSentence(error, place) }
    }
    const sentence = await firstFailure(hostEnvironment, after)
    return sentence === null
      ? { outcome: 'done', sentence: 'Edgekeep no longer starts at boot.' }
      : { outcome: 'failed', sentence }
  }
  return [{ step, act }]
}

/** Null if every call succeeded. A program that is missing has nothing to undo. */
async function firstFailure(hostEnvironment: HostEnvironment, calls: Call[]): Promise<string | null> {
  for (const [name, ...words] of calls) {
    const program = programOf(hostEnvironment, name)
    if (program === undefined) continue
    const { status, stderr } = await run(program, words, { env: hostEnvironment.env })
    if (status !== 0) return `${[name, ...words].join(' ')} failed: ${stderr.trim().slice(0, 500)}`
  }
  return null
}

/** Content of a file; empty if it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
