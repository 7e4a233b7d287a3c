import type { ReportFailure } from '../vault/clean-up.ts'
import type { Core } from '../core/core.ts'

/** Logs a failed cleanup after a change of the vault; the change is in force. */
export function failureLogger({ log }: Pick<Core, 'log'>): ReportFailure {
  return (step, error) => log.warn({ err: error, step }, 'Clean-up failed, trying again later')
}
