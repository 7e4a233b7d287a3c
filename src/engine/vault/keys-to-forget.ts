import { and, eq, ne } from 'drizzle-orm'
import type { CleanUp } from './clean-up.ts'
import type { VaultDatabase } from './database.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector/key-protector.ts'
import { syncFolder } from './private-files.ts'
import { keysToForgetTable, protectionTable, type ProtectorKind } from './schema.ts'

/**
 * Wrapping keys at protectors that the vault does not need. Recorded before a new one is made and before an
 * old one is removed, so that a crash in between leaves none behind.
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

/** Removes the recorded keys; those that cannot be removed stay recorded. */
export async function forgetNoted({ database, folder, protectors, cleanUp }: ForgetParts): Promise<void> {
  await cleanUp.attemptAsync('wrapping-keys', async () => {
    // Never removes the key that opens the vault, even if it were listed by mistake: everything would be
    // lost.
    const inUse = database.query.select().from(protectionTable).get()?.keyName ?? ''
    const others = ne(keysToForgetTable.keyName, inUse)
    const recorded = database.query.select().from(keysToForgetTable).where(others).all()
    if (recorded.length === 0) return
    // Until the folder is synced, a power cut restores a replaced vault, which then needs its key.
    syncFolder(folder)
    const failures: unknown[] = []
    for (const key of recorded) {
      try {
        await protectorOf(protectors, key).forget(key.keyName)
        strikeToForget(database, key)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'Old wrapping keys could not be removed.')
  })
}

interface ForgetParts {
  database: VaultDatabase
  folder: string
  protectors: readonly KeyProtector[]
  cleanUp: CleanUp
}

function protectorOf(protectors: readonly KeyProtector[], { protector }: WrappingKeyName): KeyProtector {
  const found = protectors.find((candidate) => candidate.kind === protector)
  if (found) return found
  throw new ProtectorFailure(`its protector cannot be used here (${protector})`)
}
