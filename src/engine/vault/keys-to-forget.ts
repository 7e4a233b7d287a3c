import { and, eq, ne } from 'drizzle-orm'
import type { VaultDatabase } from './database.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector/key-protector.ts'
import { keysToForgetTable, protectionTable, type ProtectorKind } from './schema.ts'

/**
 * Wrapping keys that protectors hold and the vault does not need. They are recorded before a new one is
 * made and before an old one is removed, so that a crash in between leaves none behind.
 */
export interface WrappingKeyName {
  protector: ProtectorKind
  keyName: string
}

export function noteToForget({ query }: VaultDatabase, key: WrappingKeyName): void {
  query.insert(keysToForgetTable).values(key).run()
}

export function strikeToForget({ query }: VaultDatabase, { protector, keyName }: WrappingKeyName): void {
  const isIt = and(eq(keysToForgetTable.protector, protector), eq(keysToForgetTable.keyName, keyName))
  query.delete(keysToForgetTable).where(isIt).run()
}

/** Removes the recorded keys. Those that a protector cannot remove stay recorded; the answer counts them. */
export async function forgetNoted(
  database: VaultDatabase,
  protectors: readonly KeyProtector[],
): Promise<number> {
  let left = 0
  // Removing the key that opens the vault would lose everything, even if it were listed by mistake.
  const inUse = database.query.select().from(protectionTable).get()?.keyName ?? ''
  const others = ne(keysToForgetTable.keyName, inUse)
  for (const noted of database.query.select().from(keysToForgetTable).where(others).all()) {
    const protector = protectors.find((candidate) => candidate.kind === noted.protector)
    if (protector && (await hasForgotten(protector, noted.keyName))) strikeToForget(database, noted)
    else left += 1
  }
  return left
}

async function hasForgotten(protector: KeyProtector, keyName: string): Promise<boolean> {
  try {
    await protector.forget(keyName)
    return true
  } catch (error) {
    if (error instanceof ProtectorFailure) return false
    throw error
  }
}
