import { join } from 'node:path'
import Database from 'better-sqlite3'
import { keyFileProtector } from '../../../src/engine/vault/key-protector/key-file.ts'
import { openVault } from '../../../src/engine/vault/vault.ts'

/**
 * Makes a vault in `folder` and marks it as one of a newer Edgekeep; returns a function that removes the
 * mark.
 */
export async function makeVaultNewer(folder: string): Promise<() => void> {
  const vault = await openVault({ folder, clock: () => new Date(), protectors: [keyFileProtector(folder)] })
  vault.close()
  const set = (version: number) => {
    const database = new Database(join(folder, 'vault.db'))
    const before = database.pragma('user_version', { simple: true }) as number
    database.pragma(`user_version = ${version}`)
    database.close()
    return before
  }
  const known = set(99)
  return () => void set(known)
}
