import type { CertificateSummary, Domain } from '../../../contract/domains/domains.ts'
import type { CertificateFacts, Piece } from '../../../contract/inspect/certificate-facts.ts'

/** Fields of a domain for an agent: none of its policies, which hold passwords' hashes. */
export function domainFacts({ name, origin, https, redirect, tags, lastCheck }: Domain) {
  const { state, outage, certificate } = https
  const served = certificate && { name: certificate.name, notAfter: certificate.notAfter }
  return { name, origin, https: { state, outage, certificate: served }, redirect, tags, lastCheck }
}

export function certificateLine({
  id,
  name,
  kind,
  issuer,
  dnsNames,
  ipNames,
  notAfter,
  expiry,
  usedBy,
  fingerprintSha256,
}: CertificateSummary) {
  return { id, name, kind, issuer, dnsNames, ipNames, notAfter, expiry, usedBy, fingerprintSha256 }
}

export function pieceFacts({ id, kind, place, title, locked, certificate, publicKey, words }: Piece) {
  const facts = certificate && certificateFacts(certificate)
  return { id, kind, place, title, locked, certificate: facts, publicKey, words }
}

/** Facts without the raw bytes of the extensions. */
function certificateFacts({ extensions, ...facts }: CertificateFacts) {
  return { ...facts, extensions: extensions.map(({ name, critical, words }) => ({ name, critical, words })) }
}
