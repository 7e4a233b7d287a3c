import tls from 'node:tls'
import type { AnchorSet } from '../../pki/verify/anchor-set.ts'

/**
 * Node's roots (Mozilla's list). Cached, so that the verifier's index is built once. `lenient`: the list is
 * audited by others, and a root in it without a key identifier works everywhere.
 */
export const publicRoots = once((): AnchorSet => ({
  name: 'public roots',
  certificates: fromPem(tls.rootCertificates),
  lenient: true,
}))

/**
 * Roots that this computer trusts. They may include private authorities, whose certificates pass the checks
 * of clients but seldom every rule for issuers, hence `lenient`.
 */
export const systemRoots = once((): AnchorSet => ({
  name: 'system roots',
  certificates: fromPem(tls.getCACertificates('system')),
  lenient: true,
}))

/** Roots that a person has added to a store. */
export function anchorsFromPem(pems: readonly string[]): AnchorSet {
  return { name: 'roots of a browser', certificates: fromPem(pems), lenient: true }
}

function fromPem(pems: readonly string[]): Uint8Array[] {
  return pems.map((pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'))
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
