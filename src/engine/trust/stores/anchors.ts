import tls from 'node:tls'
import type { AnchorSet } from '../../../pki/verify/anchor-set.ts'

/**
 * The roots that Node carries (Mozilla's list). The DER is made on first use and kept, so that the
 * verifier's index over it is made once as well. `lenient`: who may be in this list and what they issue is
 * audited by others, and a root in it has no key identifier and works everywhere.
 */
export const publicRoots = once((): AnchorSet => ({
  name: 'public roots',
  certificates: fromPem(tls.rootCertificates),
  lenient: true,
}))

/**
 * The roots that this computer trusts. Private authorities live here too, whose certificates keep to
 * what clients check but seldom to every rule for issuers, hence `lenient`.
 */
export const systemRoots = once((): AnchorSet => ({
  name: 'system roots',
  certificates: fromPem(tls.getCACertificates('system')),
  lenient: true,
}))

function fromPem(pems: readonly string[]): Uint8Array[] {
  return pems.map((pem) => Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64'))
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
