import { X509Certificate } from 'node:crypto'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Vault } from '../vault/vault.ts'

interface Parts {
  vault: Pick<Vault, 'authority'>
  clock: () => Date
}

/**
 * `authority.not_yet_valid` if the root was made while the clock was ahead: clients refuse all that is issued
 * below it, until it is replaced. Null for a root that cannot be read, whose use reports that.
 */
export function rootProblem({ vault, clock }: Parts): EdgekeepError | null {
  const root = readable(vault.authority.get()?.certificatePem)
  if (!root || root.validFromDate <= clock()) return null
  return new EdgekeepError('authority.not_yet_valid', { from: root.validFromDate.toISOString() })
}

/**
 * Called before signing, so that a leaf that is valid now has a chain that is.
 * @throws `authority.not_yet_valid`
 */
export function requireValidRoot(parts: Parts): void {
  const problem = rootProblem(parts)
  if (problem) throw problem
}

/** `rootProblem` if the root issued the top of `chain` (DER, leaf first). */
export function rootProblemOf(chain: readonly Uint8Array[], parts: Parts): EdgekeepError | null {
  const [top, root] = [chain.at(-1), readable(parts.vault.authority.get()?.certificatePem)]
  return top && root && new X509Certificate(top).checkIssued(root) ? rootProblem(parts) : null
}

function readable(pem: string | undefined): X509Certificate | null {
  try {
    return pem === undefined ? null : new X509Certificate(pem)
  } catch {
    return null
  }
}
