import type { VaultNotice } from '../../contract/custody/custody.ts'
import type { CustodyNeeds } from './needs.ts'

/** Notifies every open window of a change of the vault's keys or backups. */
export function publishNotice({ topics, clock, actor }: CustodyNeeds, what: VaultNotice['what']): void {
  topics.notices.publish({ at: clock().toISOString(), actor, what })
}
