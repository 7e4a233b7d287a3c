import { lookUp, type VaultDatabase } from './database.ts'
import { settingsTable } from './schema.ts'

/** Small values by name, stored in the clear; never secrets. */
export function settingsOf(database: VaultDatabase) {
  const byKey = lookUp(database, settingsTable, settingsTable.key)
  return {
    get: (key: string): string | undefined => byKey(key)?.value,
    set(key: string, value: string): void {
      const settings = database.query.insert(settingsTable).values({ key, value })
      settings.onConflictDoUpdate({ target: settingsTable.key, set: { value } }).run()
    },
  }
}
