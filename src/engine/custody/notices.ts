import type { VaultNotice } from '../../contract/custody/custody.ts'
import type { EngineParts } from '../parts.ts'

/** Notifies every open window of a change of the vault's keys or backups. */
export function publishNotice({ topics, clock, actor }: EngineParts, what: VaultNotice['what']): void {
  topics.notices.publish({ at: clock().toISOString(), actor, what })
}
