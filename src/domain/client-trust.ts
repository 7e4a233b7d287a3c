import type { TrustClient, TrustState, TrustStoreView } from '../contract/trust.ts'

/** What a client's row says: installed is not proven, and what refused was not asked again since. */
export type ClientTrust = TrustState | 'proven' | 'refused'

export function clientTrust({ state, proof }: Pick<TrustClient, 'state' | 'proof'>): ClientTrust {
  if (proof?.ok) return 'proven'
  return state === 'trusted' && proof ? 'refused' : state
}

/** The same in words, in the window and at the command line. */
export const clientTrustWords: Record<ClientTrust, string> = {
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
 * What is known of a client, a sentence: what its proof said, why it cannot be proven, or what the first of
 * `stores`, which it reads, says. `notTried` is for one that could be proven and was not.
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
