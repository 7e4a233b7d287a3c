import type { VaultNotice } from '../../contract/custody.ts'
import type { EngineParts } from '../parts.ts'

/** Tells every open window what was done to the vault's keys or backups, whoever did it. */
export function tellNotice({ topics, clock, actor }: EngineParts, what: VaultNotice['what']): void {
  topics.notices.publish({ at: clock().toISOString(), actor, what })
}
