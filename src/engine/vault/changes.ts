import { vaultDamaged } from './failures.ts'
import { sql } from 'drizzle-orm'
import type { VaultDatabase } from './database.ts'
import { vaultTable } from './schema.ts'

export function changesOf(
  { sqlite, query }: VaultDatabase,
  { allow, committed }: { allow: () => void; committed: () => void },
) {
  const { configurationVersion } = vaultTable
  const version = query.select({ version: configurationVersion }).from(vaultTable).prepare()
  const increment = { configurationVersion: sql`${configurationVersion} + 1` }
  const next = query.update(vaultTable).set(increment).prepare()

  function actAndCount<T>(act: () => T): T {
    const result = act()
    if (result instanceof Promise) throw new Error('A change must not be asynchronous.')
    next.run()
    return result
  }

  return {
    /** Number of committed changes since the vault was made. */
    configurationVersion(): number {
      const row = version.get()
      if (!row) throw vaultDamaged('its configuration version is gone')
      return row.version
    },
    /**
     * Runs the synchronous `act` in one IMMEDIATE transaction and increments the configuration version. An
     * error of `act` rolls everything back. A nested change is a programming error and throws.
     * @throws `vault.locked` while the vault is locked
     */
    change<T>(act: () => T): T {
      allow()
      if (sqlite.inTransaction) throw new Error('A change was started inside another change.')
      const result = sqlite.transaction(() => actAndCount(act)).immediate()
      committed()
      return result
    },
  }
}
