import { readFileSync } from 'node:fs'
import type { Proof, ProofKind } from '../../contract/custody/custody.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { asEdgekeepError } from '../../client/client.ts'
import { askSecret } from './passphrase.ts'
import type { Session } from '../frame/command.ts'
import { vaultPassphrase } from './vault-passphrase.ts'

/** Calls, and if the engine requires proof of the vault's owner, calls again with it. */
export async function proving<T>(session: Session, act: (proof?: Proof) => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const failure = asEdgekeepError(error)
    if (failure.code !== 'vault.proof_needed') throw failure
    return act(await proofOf(session, (failure as EdgekeepError<'vault.proof_needed'>).data.accepts))
  }
}

/**
 * The code in the folder if that is accepted, which needs no input; else the vault's passphrase, or its
 * recovery key if the passphrase is left empty.
 */
export async function proofOf(session: Session, accepts: readonly ProofKind[]): Promise<Proof> {
  if (accepts.includes('code')) return { code: await codeInFolder(session) }
  const passphrase = session.passphrase ?? (await vaultPassphrase(false))
  if (passphrase !== '' || !accepts.includes('recoveryKey')) return { passphrase }
  if (!process.stdin.isTTY) throw new EdgekeepError('vault.proof_needed', { accepts: [...accepts] })
  return { recoveryKey: await askSecret('Recovery key of the vault') }
}

async function codeInFolder({ client }: Session): Promise<string> {
  const { path } = await client.vault.requestCode()
  return readFileSync(path, 'utf8').split('\n', 1)[0] ?? ''
}
