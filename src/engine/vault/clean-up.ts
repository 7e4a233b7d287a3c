import type { VaultDatabase } from './database.ts'
import { settingsOf } from './settings.ts'

/** Warnings for a person per failed step. */
const warnings = {
  folder:
    'The change of the vault’s folder could not be confirmed on the disk; a power cut could bring back the vault from before.',
  copies: 'An old copy of the vault in its folder could not be removed. It may hold keys that were erased.',
  'wrapping-keys': 'An old key of the vault could not be removed from where it was stored.',
  log: 'What was erased could not be overwritten in the vault’s files yet.',
  backups: 'An automatic backup that is too old could not be removed from its folder.',
  edge: 'A change is stored in the vault, but the edge could not be given it.',
  windows: 'A change is stored in the vault, but open windows could not be told.',
} as const
export type CleanUpStep = keyof typeof warnings

export type ReportFailure = (step: CleanUpStep, error: unknown) => void

export type CleanUp = ReturnType<typeof cleanUpOf>

/**
 * Runs the cleanup after a committed change of the vault: removing old wrapping keys, copies and logs, and
 * notifying the edge and the windows. The change is in force by then, so no step throws and none reverts
 * anything. A failed step is reported once, is a warning in `protection` until it succeeds, and is retried
 * with the next change and the next opening; the transaction of the change has recorded it for that
 * (`keys_to_forget`, `noteErasure`). Replaces `protection.warnings` whenever a step fails or succeeds again.
 */
export function cleanUpOf(protection: { warnings: string[] }, report: ReportFailure) {
  const failed = new Set<CleanUpStep>()

  function show(): void {
    protection.warnings = [...failed].map((step) => `${warnings[step]} Edgekeep tries again later.`)
  }

  function succeeded(step: CleanUpStep): true {
    if (failed.delete(step)) show()
    return true
  }

  function failedWith(step: CleanUpStep, error: unknown): false {
    const isNew = !failed.has(step)
    failed.add(step)
    show()
    if (isNew) report(step, error)
    return false
  }

  return {
    /** Returns whether the step succeeded. */
    attempt(step: CleanUpStep, act: () => void): boolean {
      try {
        act()
        return succeeded(step)
      } catch (error) {
        return failedWith(step, error)
      }
    },
    async attemptAsync(step: CleanUpStep, act: () => Promise<void>): Promise<boolean> {
      try {
        await act()
        return succeeded(step)
      } catch (error) {
        return failedWith(step, error)
      }
    },
  }
}

const erasureSetting = 'vault.erasure'

/** Records, in the transaction of an erasure, that copies and free pages may still have the data. */
export function noteErasure(database: VaultDatabase): void {
  settingsOf(database).set(erasureSetting, 'due')
}

export function strikeErasure(database: VaultDatabase): void {
  settingsOf(database).set(erasureSetting, 'done')
}

export function isErasureDue(database: VaultDatabase): boolean {
  return settingsOf(database).get(erasureSetting) === 'due'
}
