import { sql } from 'drizzle-orm'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { vaultTable } from './schema.ts'

export interface Changes {
  /** Number of committed changes since the vault was made. */
  configurationVersion(): number
  /**
   * Runs the synchronous `act` in one IMMEDIATE transaction and increments the configuration version. An
   * error of `act` rolls everything back. A nested change is a programming error and throws.
   * @throws `vault.locked` while the vault is locked
   */
  change<T>(act: () => T): T
}

export function changesOf(
  { sqlite, query }: VaultDatabase,
  { allow, committed }: { allow: () => void; committed: () => void },
): Changes {
  const version = query.select({ version: vaultTable.configurationVersion }).from(vaultTable).prepare()
  const next = query
    .update(vaultTable)
    .set({ configurationVersion: sql`${vaultTable.configurationVersion} + 1` })
    .prepare()

  function change<T>(act: () => T): T {
    allow()
    if (sqlite.inTransaction) throw new Error('A change was started inside another change.')
    const result = sqlite.transaction(() => actAndCount(act)).immediate()
    committed()
    return result
  }

  function actAndCount<T>(act: () => T): T {
    const result = act()
    if (result instanceof Promise) throw new Error('A change must not be asynchronous.')
    next.run()
    return result
  }

  function configurationVersion(): number {
    const row = version.get()
    if (!row) throw new EdgekeepError('vault.damaged', { reason: 'its configuration version is gone' })
    return row.version
  }

  return { configurationVersion, change }
}
