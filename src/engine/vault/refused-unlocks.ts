import { sql } from 'drizzle-orm'
import type { AuditTrail } from './audit.ts'
import type { VaultDatabase } from './database.ts'
import { refusedUnlocksTable } from './schema.ts'

export type RefusedUnlocks = ReturnType<typeof refusedUnlocksOf>

/**
 * Wrong passphrases given to a locked vault, whose audit trail cannot be written. Counted here, one row per
 * kind of caller, and moved into the trail by the next unlocking.
 */
export function refusedUnlocksOf({ query }: VaultDatabase, clock: () => Date) {
  return {
    note(actor: string): void {
      const at = clock().toISOString()
      const insert = query.insert(refusedUnlocksTable).values({ actor, attempts: 1, firstAt: at, lastAt: at })
      const set = { attempts: sql`${refusedUnlocksTable.attempts} + 1`, lastAt: at }
      insert.onConflictDoUpdate({ target: refusedUnlocksTable.actor, set }).run()
    },
    /** Moves the counts into the trail; inside the transaction of an unlocking. */
    report(audit: AuditTrail): void {
      const entry = { action: 'vault.refuse', subject: 'vault', before: null }
      for (const { actor, ...counts } of query.select().from(refusedUnlocksTable).all())
        audit.append({ ...entry, actor, after: { what: 'unlock', ...counts } })
      query.delete(refusedUnlocksTable).run()
    },
  }
}
