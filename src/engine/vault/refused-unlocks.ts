import { sql } from 'drizzle-orm'
import type { AuditTrail } from './audit.ts'
import type { VaultDatabase } from './database.ts'
import { refusedUnlocksTable } from './schema.ts'

/**
 * Wrong passphrases given to a locked vault, whose audit trail cannot be written. Counted here, one row per
 * kind of caller, and moved into the trail by the next unlocking.
 */
export interface RefusedUnlocks {
  note(actor: string): void
  /** Moves the counts into the trail; inside the transaction of an unlocking. */
  report(audit: AuditTrail): void
}

export function refusedUnlocksOf({ query }: VaultDatabase, clock: () => Date): RefusedUnlocks {
  function note(actor: string): void {
    const at = clock().toISOString()
    const insert = query.insert(refusedUnlocksTable).values({ actor, attempts: 1, firstAt: at, lastAt: at })
    const set = { attempts: sql`${refusedUnlocksTable.attempts} + 1`, lastAt: at }
    insert.onConflictDoUpdate({ target: refusedUnlocksTable.actor, set }).run()
  }

  function report(audit: AuditTrail): void {
    for (const { actor, ...after } of query.select().from(refusedUnlocksTable).all())
      audit.append({
        actor,
        action: 'vault.refuse',
        subject: 'vault',
        before: null,
        after: { what: 'unlock', ...after },
      })
    query.delete(refusedUnlocksTable).run()
  }

  return { note, report }
}
