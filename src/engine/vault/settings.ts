import { eq, sql } from 'drizzle-orm'
import type { VaultDatabase } from './database.ts'
import { settingsTable } from './schema.ts'

/** Small values by name, stored in the clear; never secrets. */
export interface SettingsTable {
  get(key: string): string | undefined
  set(key: string, value: string): void
}

export function settingsOf({ query }: VaultDatabase): SettingsTable {
  const byKey = query
    .select({ value: settingsTable.value })
    .from(settingsTable)
    .where(eq(settingsTable.key, sql.placeholder('key')))
    .prepare()

  function set(key: string, value: string): void {
    const settings = query.insert(settingsTable).values({ key, value })
    settings.onConflictDoUpdate({ target: settingsTable.key, set: { value } }).run()
  }

  return { get: (key) => byKey.get({ key })?.value, set }
}
