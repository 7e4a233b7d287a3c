import type { VaultNotice } from '../../contract/custody/custody.ts'
import type { Core } from '../core/core.ts'
import type { ReportFailure } from '../vault/clean-up.ts'
import type { CustodyNeeds } from './needs.ts'

/** Notifies every open window of a change of the vault's keys or backups. */
export function publishNotice({ topics, clock, actor }: CustodyNeeds, what: VaultNotice['what']): void {
  topics.notices.publish({ at: clock().toISOString(), actor, what })
}

/** Logs a failed cleanup after a change of the vault; the change is in force. */
export function failureLogger({ log }: Pick<Core, 'log'>): ReportFailure {
  return (step, error) => log.warn({ err: error, step }, 'Clean-up failed, trying again later')
}
