import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import type { SecretBytes } from '../../../domain/secret-bytes.ts'
import type { VaultDatabase } from '../database.ts'
import { deriveKey, isBearable, newCost, type ScryptCost } from '../derive-key.ts'
import { derivationsTable } from '../schema.ts'
import { ProtectorFailure, type KeyProtector } from './key-protector.ts'

/**
 * Derives the wrapping key from a passphrase on every use and stores it nowhere.
 *
 * Threat model. A thief of the folder has salt and cost, and can guess; each guess costs half a second and
 * 128 MiB on the machine that set the passphrase. The number of guesses depends on the passphrase. An
 * attacker who changes salt or cost in the file keeps the vault from opening and learns nothing. The cost is
 * bounded, so that a changed file cannot exhaust the machine's memory.
 */
export function passphraseProtector(database: VaultDatabase): KeyProtector {
  return {
    kind: 'passphrase',
    weak: false,
    reason: 'The key of the vault is derived from your passphrase and lies nowhere.',
    whyNot: async () => null,
    establish: (keyName, passphrase) => establish(database, keyName, needed(passphrase)),
    recover: (keyName, passphrase) => recover(database, keyName, needed(passphrase)),
    forget: async (keyName) => {
      database.query.delete(derivationsTable).where(eq(derivationsTable.keyName, keyName)).run()
    },
  }
}

const saltBytes = 16
const mostPasses = 16

function needed(passphrase: Buffer | undefined): Buffer {
  if (passphrase) return passphrase
  throw new EdgekeepError('vault.passphrase_needed', {})
}

async function establish(database: VaultDatabase, keyName: string, passphrase: Buffer): Promise<SecretBytes> {
  const salt = randomBytes(saltBytes)
  const cost = await calibratedCost()
  using key = await deriveKey(passphrase, salt, cost)
  database.query
    .insert(derivationsTable)
    .values({ keyName, salt, ...cost })
    .run()
  return key.move()
}

async function recover({ query }: VaultDatabase, keyName: string, passphrase: Buffer): Promise<SecretBytes> {
  const found = query.select().from(derivationsTable).where(eq(derivationsTable.keyName, keyName)).get()
  if (!found) throw new ProtectorFailure('the record of how its key is derived is gone')
  if (!isBearable(found, mostPasses))
    throw new ProtectorFailure('the record of how its key is derived was changed')
  return deriveKey(passphrase, found.salt, found)
}

/** Calibrates the number of passes to half a second on this machine, at least one. */
async function calibratedCost(): Promise<ScryptCost> {
  const { atLeastMs, ...memory } = newCost
  const startedAt = performance.now()
  using _probe = await deriveKey(randomBytes(saltBytes), randomBytes(saltBytes), { ...memory, p: 1 })
  const onePassMs = performance.now() - startedAt
  return { ...memory, p: Math.max(1, Math.min(Math.ceil(atLeastMs / onePassMs), mostPasses)) }
}
