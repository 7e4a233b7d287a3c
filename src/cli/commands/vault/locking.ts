import { type OptionsOf, all, answer, facts } from '../../frame/declare.ts'
import type { Locking } from '../../../contract/custody/custody.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { type Session, type Result, usageError } from '../../frame/command.ts'
import { passwordStdinInstead } from '../../input/passphrase.ts'
import { withEngine } from '../../session.ts'
import { vaultPassphrase } from '../../input/vault-passphrase.ts'
import { formatLocking } from '../../output/format-locking.ts'
import { sentences } from '../../../contract/text/sentences.ts'

const lockingFlags = {
  '--auto-lock <minutes>': 'lock after this many minutes without changes or use of a window, or "off"',
  '--stop-serving <yes|no>': 'whether the edge stops serving HTTPS while the vault is locked',
} as const
type LockingOptions = OptionsOf<typeof lockingFlags>

export const lockCommands = all([
  facts('unlock', {
    about: 'Unlock the vault of the running engine. Asks for the passphrase if there is one.',
    flags: passwordStdinInstead(),
    examples: ['unlock'],
    run: (session, { passwordStdin }: { passwordStdin?: boolean }) => unlock(session, passwordStdin),
  }),
  facts('lock', {
    about:
      'Lock the vault of the running engine. Keys cannot be used and nothing can be changed until it is unlocked.',
    examples: ['lock'],
    run: lock,
  }),
])

/** Auto-lock settings, under `vault`. */
export const lockingCommand = answer('locking', {
  summary: 'show or set auto-lock, and whether locking stops HTTPS',
  about:
    'Set when the vault locks itself, and whether the edge stops serving HTTPS while it is locked. Without options: show the settings.',
  flags: lockingFlags,
  examples: ['vault locking --auto-lock 15'],
  run: (global, options: LockingOptions) =>
    withEngine(global, (session) => locking(session, options), isChange(options) ? 'keys' : 'facts'),
})

async function unlock({ client, engineRuns }: Session, fromStdin: boolean | undefined): Promise<Result> {
  if (!engineRuns)
    throw new EdgekeepError('engine.unreachable', {
      reason: 'no engine is running, so there is nothing to unlock',
    })
  const { protection: before } = await client.engine.status()
  if (!before.locked) return { data: { protection: before }, text: 'The vault is already unlocked.' }
  const passphrase = before.protector === 'passphrase' ? await vaultPassphrase(fromStdin) : undefined
  const protection = await client.vault.unlock({ passphrase })
  return { data: { protection }, text: sentences.vaultUnlocked }
}

async function lock({ client, engineRuns }: Session): Promise<Result> {
  if (!engineRuns) return { data: { running: false }, text: 'No engine runs, so no key is open.' }
  const protection = await client.vault.lock()
  const { stopServing } = (await client.engine.status()).locking
  const edge = stopServing ? 'The edge has stopped serving HTTPS.' : 'The edge keeps serving what it has.'
  return { data: { protection }, text: `${sentences.vaultLocked} ${edge}` }
}

async function locking({ client }: Session, options: LockingOptions): Promise<Result> {
  const { locking: before, protection } = await client.engine.status()
  const after = isChange(options) ? await client.vault.setLocking(wanted(before, options)) : before
  return { data: { locking: after }, text: formatLocking(after, protection) }
}

function isChange({ autoLock, stopServing }: LockingOptions): boolean {
  return autoLock !== undefined || stopServing !== undefined
}

function wanted(before: Locking, { autoLock, stopServing }: LockingOptions): Locking {
  return {
    autoLockMinutes: autoLock === undefined ? before.autoLockMinutes : minutesOf(autoLock),
    stopServing: stopServing === undefined ? before.stopServing : isYes(stopServing),
  }
}

function minutesOf(text: string): number | null {
  if (text === 'off') return null
  const minutes = /^\d{1,4}$/.test(text) ? Number(text) : NaN
  if (minutes >= 1 && minutes <= 1440) return minutes
  throw usageError('--auto-lock takes minutes from 1 to 1440, or "off".')
}

function isYes(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw usageError('--stop-serving takes "yes" or "no".')
}
