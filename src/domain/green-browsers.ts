import type { TrustClient } from '../contract/trust/trust.ts'
import type { VerificationState } from './verification-state.ts'

type Tested = Pick<TrustClient, 'kind' | 'name' | 'trust'> & { proof?: { sentence: string } | null }

/** Sentence of a test that failed before any handshake: the name leads nowhere. */
export const nameNotFound = 'It does not find the name on this computer.'

/**
 * Verdict of the browsers that loaded a domain: `green` in all, `refused` by some, `not-found`: some did not find
 * its name, and none refused it, or `unknown`: none was run, or something has changed since. Without browsers here, other clients count.
 */
export interface Greenness {
  state: 'green' | 'refused' | 'not-found' | 'unknown'
  /** The clients that accept it, or for `refused` and `not-found` those that do not: `Chromium`, `Firefox`. */
  names: string[]
}

export function greenness(clients: readonly Tested[]): Greenness {
  const browsers = clients.filter(({ kind }) => kind === 'browser')
  const counted = browsers.length > 0 ? browsers : clients
  const failed = counted.filter(({ trust }) => trust === 'refused')
  const refused = namesOf(failed.filter((each) => !isLost(each)))
  if (refused.length > 0) return { state: 'refused', names: refused }
  if (failed.length > 0) return { state: 'not-found', names: namesOf(failed) }
  const proven = namesOf(counted.filter(({ trust }) => trust === 'proven'))
  const isWhole = counted.every(({ trust }) => trust === 'proven')
  return proven.length > 0 && isWhole
    ? { state: 'green', names: proven }
    : { state: 'unknown', names: proven }
}

function isLost({ proof }: Tested): boolean {
  return proof?.sentence === nameNotFound
}

/** Names without profiles: `Firefox` for `Firefox, profile default`, each once. */
function namesOf(clients: readonly Tested[]): string[] {
  return [...new Set(clients.map(({ name }) => name.split(',', 1)[0] ?? name))]
}

/** `Chromium and Firefox`, `Chromium, curl and Firefox`. */
export function joinNames(names: readonly string[]): string {
  const [last, ...others] = names.toReversed()
  return others.length === 0 ? (last ?? '') : `${others.toReversed().join(', ')} and ${last}`
}

/**
 * State of a domain wherever it is shown: a fault that the edge sees comes first, then what browsers made of
 * the domain, then the edge's own verification, which says nothing about browsers.
 */
export function domainStanding<V extends VerificationState | 'unknown'>(
  verification: V,
  { state }: Greenness,
): V | 'green' | 'refused' | 'not-found' {
  if (verification === 'failed' || verification === 'down' || verification === 'unknown') return verification
  return state === 'unknown' ? verification : state
}

/** Ids of the clients that can be run; the browsers decide whether a domain is green. */
export function runnableClients(clients: readonly TrustClient[]): { browsers: string[]; others: string[] } {
  const chosen = clients.filter(({ unprovable, optional }) => unprovable === null && !optional)
  const ids = (isBrowser: boolean) =>
    chosen.filter(({ kind }) => (kind === 'browser') === isBrowser).map(({ id }) => id)
  return { browsers: ids(true), others: ids(false) }
}
