import { readFileSync } from 'node:fs'
import type { Proof } from '../../../src/contract/custody/custody.ts'
import {
  newRecoveryKey,
  recoveryKeyPair,
  type RecoveryKeyPair,
} from '../../../src/domain/recovery-key-pair.ts'
import { parseRecoveryKey } from '../../../src/domain/recovery-key.ts'
import type { Vault } from '../../../src/engine/vault/vault.ts'
import type { TestEngine } from '../engine/engine.ts'

export interface TestRecovery {
  /** Written form. */
  recoveryKey: string
  /** base64url. */
  publicKey: string
  pair: RecoveryKeyPair
}

export async function testRecovery(): Promise<TestRecovery> {
  const made = await newRecoveryKey()
  return { ...made, pair: await recoveryKeyPair(parseRecoveryKey(made.recoveryKey)) }
}

export function setRecoveryKeyOf(vault: Vault, { pair }: TestRecovery): void {
  vault.change(() => vault.recoveryKey.set(Buffer.from(pair.publicKey)))
}

/** Reads the confirmation code, as anyone with access to the vault's folder can. */
export async function codeOf({ client }: Pick<TestEngine, 'client'>): Promise<Proof> {
  const { path } = await client.vault.requestCode()
  return { code: readFileSync(path, 'utf8').split('\n', 1)[0] ?? '' }
}

/** Sets up a recovery key for a vault without a passphrase. */
export async function setUpRecovery(opened: Pick<TestEngine, 'client'>): Promise<TestRecovery> {
  const recovery = await testRecovery()
  await opened.client.vault.setRecoveryKey({ publicKey: recovery.publicKey, proof: await codeOf(opened) })
  return recovery
}
