import type { ReportFailure } from '../vault/clean-up.ts'
import type { EngineParts } from '../parts.ts'

/** Logs a failed cleanup after a change of the vault; the change is in force. */
export function failureLogger({ log }: Pick<EngineParts, 'log'>): ReportFailure {
  return (step, error) => log.warn({ err: error, step }, 'Clean-up failed, trying again later')
}
