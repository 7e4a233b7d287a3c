import type { TrustClient, TrustState, TrustStoreView } from '../contract/trust/trust.ts'

/** State in a client's row: an installed root is no proof, and a refusal stands until the next probe. */
export type ClientTrust = TrustState | 'proven' | 'refused'

export function clientTrust({ state, proof }: Pick<TrustClient, 'state' | 'proof'>): ClientTrust {
  if (proof?.ok) return 'proven'
  return state === 'trusted' && proof ? 'refused' : state
}

export const clientTrustLabels: Record<ClientTrust, string> = {
  proven: 'Proven',
  trusted: 'Installed, not proven',
  refused: 'Refuses it',
  missing: 'Does not trust it',
  stale: 'Has an earlier root',
  another: 'Has the root of another Edgekeep',
  distrusted: 'Distrusted by hand',
  unreadable: 'Cannot be read',
  unmanaged: 'Managed elsewhere',
}

/**
 * Describes in a sentence the client's trust: the result of its probe, the reason why it cannot be probed,
 * or the sentence of the first of `stores`, which it reads. `notTried` is for a client without a probe.
 */
export function knownOfClient(
  client: Pick<TrustClient, 'state' | 'proof' | 'unprovable'>,
  stores: readonly Pick<TrustStoreView, 'sentence'>[],
  notTried: string,
): string {
  const { state, proof, unprovable } = client
  if (proof && state !== 'missing') return proof.sentence
  if (state === 'trusted') return unprovable ?? notTried
  return stores[0]?.sentence ?? ''
}
