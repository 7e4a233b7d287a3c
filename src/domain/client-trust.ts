import type {
  ClientTrust,
  TrustClient,
  TrustProof,
  TrustState,
  TrustStoreView,
} from '../contract/trust/trust.ts'
import { nameNotFound } from './green-browsers.ts'

/** Present address, port and chain of the edge. */
export type ServedNow = Pick<TrustProof['against'], 'address' | 'port' | 'chain'>

/** All facts that decide about a client. Whatever shows its state derives it from these, here and nowhere else. */
export interface TrustFacts {
  /** Stores that the client reads, as they are now. */
  stores: readonly Pick<TrustStoreView, 'id' | 'kind' | 'state'>[]
  /** Its last test. */
  proof: TrustProof | null
  /** Null while the edge does not listen. */
  served: ServedNow | null
  now: Date
}

/** Change that ended a test: of its stores, of the edge's address and port, of the chain, or of the clock. */
export type ProofEnd = 'stores' | 'address' | 'chain' | 'clock'

/**
 * State of a client. An installed root is no proof; a test counts as long as everything that it was made of is
 * still so; what is trusted only with variables is not trusted by the client as a person starts it.
 */
export function clientTrust(facts: TrustFacts): ClientTrust {
  const { stores } = facts
  const state = mostTrusting(stores)
  return verdictOf(facts) ?? (state === 'trusted' && isOnlyInBundle(stores) ? 'variables' : state)
}

/** Verdict of the last test; null if it no longer counts, or says nothing about trust. */
function verdictOf(facts: TrustFacts): 'proven' | 'variables' | 'refused' | null {
  const { stores, proof } = facts
  if (!proof || proofEnd(facts, proof) !== null) return null
  if (proof.ok) return proof.byVariables ? 'variables' : 'proven'
  if (proof.against.name !== null) return 'refused'
  // A client that found no name judged no certificate.
  if (proof.sentence === nameNotFound) return null
  // A store without the root explains a refusal, and its state has the remedy.
  return mostTrusting(stores) === 'trusted' ? 'refused' : null
}

/** Reason why a test no longer counts; null while it does. */
export function proofEnd({ stores, served, now }: TrustFacts, proof: TrustProof): ProofEnd | null {
  const { against } = proof
  if (proof.storesChanged || areChanged(stores, proof)) return 'stores'
  if (served?.address !== against.address || served.port !== against.port) return 'address'
  if (served.chain !== against.chain) return 'chain'
  return now < new Date(proof.at) || now >= new Date(against.until) ? 'clock' : null
}

/** Whether stores differ from those of a test. */
function areChanged(stores: TrustFacts['stores'], proof: Pick<TrustProof, 'stores'>): boolean {
  const before = new Map(proof.stores.map(({ id, state }) => [id, state]))
  const present = new Set(stores.map(({ id }) => id))
  // A store that the client no longer reads may be the one that made it trust.
  return (
    stores.some(({ id, state }) => before.get(id) !== state) ||
    proof.stores.some(({ id }) => !present.has(id))
  )
}

/**
 * The test, ended for good where its stores are seen changed: one that is put back later was not tested. A store
 * that cannot be read now is no change of it.
 */
export function proofAfter(stores: TrustFacts['stores'], proof: TrustProof): TrustProof {
  const isUnread = stores.some(({ state }) => state === 'unreadable')
  return proof.storesChanged || isUnread || !areChanged(stores, proof)
    ? proof
    : { ...proof, storesChanged: true }
}

const bestFirst: TrustState[] = [
  'trusted',
  'stale',
  'distrusted',
  'another',
  'missing',
  'unreadable',
  'unmanaged',
]

export function mostTrusting(stores: readonly Pick<TrustStoreView, 'state'>[]): TrustState {
  return bestFirst.find((each) => stores.some(({ state }) => state === each)) ?? 'missing'
}

function isOnlyInBundle(stores: TrustFacts['stores']): boolean {
  return stores.every(({ kind, state }) => kind === 'bundle' || state !== 'trusted')
}

/** Whether a client trusts the authority as far as is known, if only with variables. */
export function isTrusting(trust: ClientTrust): boolean {
  return trust === 'proven' || trust === 'trusted' || trust === 'variables'
}

export const clientTrustLabels: Record<ClientTrust, string> = {
  proven: 'Passed its test',
  variables: 'Only with "edgekeep trust env"',
  trusted: 'Installed, not tested',
  refused: 'Failed its test',
  missing: 'Does not trust it',
  stale: 'Has an earlier root',
  another: 'Has the root of another Edgekeep',
  distrusted: 'Distrusted by hand',
  unreadable: 'Cannot be read',
  unmanaged: 'Managed elsewhere',
}

/** State of a client as lists show it: one that found no name judged no certificate. */
export function clientTrustLabel({ trust, proof }: Pick<TrustClient, 'trust' | 'proof'>): string {
  return trust === 'refused' && proof?.sentence === nameNotFound ? 'Name not found' : clientTrustLabels[trust]
}

const ends: Record<ProofEnd, string> = {
  stores: 'its store has changed since',
  address: 'the edge no longer answers at the address of that test',
  chain: 'the edge has another certificate since',
  clock: 'the clock is outside the time for which it counts',
}

interface DescribedFacts extends TrustFacts {
  stores: readonly Pick<TrustStoreView, 'id' | 'kind' | 'state' | 'sentence'>[]
}

/** Sentence that explains the state of a client. `unprovable`: reason why it cannot be tested. */
export function describeClient(facts: DescribedFacts, unprovable: string | null): string {
  const { stores, proof } = facts
  if (proof && verdictOf(facts) !== null) return proof.sentence
  if (mostTrusting(stores) !== 'trusted') return stores[0]?.sentence ?? ''
  if (unprovable !== null) return unprovable
  const sentence = stores.find(({ state }) => state === 'trusted')?.sentence ?? ''
  if (!proof) return `${sentence} Not tested yet.`
  const end = proofEnd(facts, proof)
  return end === null
    ? `${sentence} Its last test failed: ${proof.sentence}`
    : `${sentence} Its last test no longer counts: ${ends[end]}.`
}
