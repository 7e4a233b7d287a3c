import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect, isDeepStrictEqual } from 'node:util'
import { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import type { KeyProtector } from '../../../src/engine/vault/key-protector/key-protector.ts'
import { openAt, type Scenario } from './fault-scenarios.ts'
import { keyOf } from './vault-workload.ts'

/** Outcome of an operation with one failed step. */
export interface Outcome {
  home: string
  keychain: KeyProtector | undefined
  scenario: Scenario
  before: unknown
  after: unknown
  warnings: string[]
  error: unknown
  /** All later steps failed too, as after a kill: a refused operation may then be there whole. */
  isCutOff: boolean
}

/**
 * Fault in the outcome, if any. The vault has to be wholly as before if the operation threw and wholly as
 * after if not, to open with its protector, to have warned of what it left undone, and to be tidy after the
 * next opening.
 */
export async function violationIn(outcome: Outcome): Promise<string | undefined> {
  const { home, keychain, before, after, warnings, error, scenario } = outcome
  if (error && !(error instanceof EdgekeepError)) return `throws ${inspect(error)}`
  const left = error ? [] : leftoversIn(home, scenario)
  // A restore keeps the old key until the restored vault is opened, before which it may be needed.
  const undone = scenario.opens ? left : left.filter((name) => !name.endsWith('.key'))
  if (undone.length > 0 && warnings.length === 0) return `leaves ${undone.join(', ')} without a warning`
  try {
    const state = await stateOf(home, keychain)
    const allowed = error ? (outcome.isCutOff ? [before, after] : [before]) : [after]
    if (!allowed.some((one) => isDeepStrictEqual(state, one)))
      return `${error ? 'refused' : 'done'}, but is ${JSON.stringify(state)}`
    const isAfter = isDeepStrictEqual(state, after)
    const still = isAfter ? leftoversIn(home, scenario).filter((name) => !name.startsWith('copies-')) : []
    return still.length > 0 ? `leaves ${still.join(', ')} after it was opened again` : undefined
  } catch (failure) {
    return `${error ? 'refused' : 'done'}, and does not open: ${String(failure)}`
  }
}

/** State of a vault as its owner sees it; throws if it does not open with its protector. */
export async function stateOf(home: string, keychain?: KeyProtector): Promise<unknown> {
  const path = join(home, 'vault.db')
  if (!existsSync(path)) return 'no vault'
  if (readFileSync(path).subarray(0, 4).toString() === 'xxxx') {
    const opened = await openAt(home).catch((error: unknown) => error)
    return { isDamaged: isDamage(opened), hasLog: existsSync(`${path}-wal`) }
  }
  const vault = await openAt(home, keychain)
  try {
    vault.requireUnlocked()
    const ids = vault.certificates.list().map(({ id }) => id)
    const actions = vault.audit.list({ limit: 5 }).map(({ action }) => action)
    return {
      ids,
      keys: ids.map((id) => vault.keys.withKey(id, (key) => key.equals(keyOf(id)))),
      isAuditSound: vault.audit.verify().ok,
      actions: actions.filter((action) => action !== 'vault.unlock'),
      protector: vault.protection.protector,
      recoveryKey: vault.recoveryKey.get()?.publicKey[0] === 7,
      schedule: vault.backupSchedule.get() !== undefined,
      hasCopy: existsSync(join(home, 'copies-3.backup')),
    }
  } finally {
    vault.close()
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof EdgekeepError && error.code === 'vault.damaged'
}

/** Files that a finished clean-up removes; not the log, which an open vault has. */
function leftoversIn(home: string, { leaves = [] }: Scenario): string[] {
  const names = readdirSync(home)
  const keys = names.filter((name) => /^vault-.*\.key/.test(name)).slice(1)
  const backups = names.includes('copies-3.backup') ? names.filter((name) => /^copies-[12]/.test(name)) : []
  const others = names.filter((name) => /\.(copy|damaged|new|part)$|\.new-/.test(name))
  return [...others, ...keys, ...backups].filter((name) => !leaves.some((start) => name.startsWith(start)))
}
