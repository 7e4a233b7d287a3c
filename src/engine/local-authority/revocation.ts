import { certificateInPem } from '../../pki/facts/certificate.ts'
import { answerOcsp, ocspRefusal, type OcspStatus } from '../../pki/issue/ocsp-answer.ts'
import { isIssuedBy } from '../../pki/ocsp/certificate-id.ts'
import { type AskedCertificate, readOcspRequest } from '../../pki/ocsp/request.ts'
import { DerError, toHex } from '../../pki/asn1/der.ts'
import { makeRevocationList, type Revoked } from '../../pki/issue/revocation-list.ts'
import { certificateOf } from '../../pki/x509/certificate.ts'
import type { Revoker, Vault } from '../vault/vault.ts'

/** Validity of revocation lists and OCSP responses: short, so that revocation can be tried out. */
export const answerLifeMs = 3_600_000

interface RevocationParts {
  vault: Vault
  clock: () => Date
}

/**
 * Signs the present revocation list of a key.
 * @throws `vault.locked`
 */
export function signRevocationList({ vault, clock }: RevocationParts, issuer: Revoker): Buffer {
  const at = clock()
  return listOf(vault, issuer, { at, until: new Date(at.getTime() + answerLifeMs) })
}

/**
 * Signs the final revocation list, valid until the last certificate of the key expires. Called in the
 * transaction that erases the key.
 */
export function keepLastList({ vault, clock }: RevocationParts, issuer: Revoker): void {
  const end = vault.issued.lastEndOf(issuer.spkiSha256)
  const [at, until] = [clock(), new Date(end ?? 0)]
  if (until <= at) return
  const list = listOf(vault, issuer, { at, until })
  vault.issued.keepLastList({ issuerSpkiSha256: issuer.spkiSha256, issuerPem: issuer.pem, list })
}

/** Erases the keys of retired intermediates, each after its last list. */
export function eraseRetiredRevokers(parts: RevocationParts): void {
  for (const issuer of parts.vault.authority.revokers().filter(({ isRetired }) => isRetired)) {
    keepLastList(parts, issuer)
    parts.vault.authority.eraseRevoker(issuer.spkiSha256)
  }
}

/** Erases the keys of retired intermediates whose certificates have all expired at `now`. */
export function eraseEndedRevokers(vault: Vault, now: Date): void {
  for (const { isRetired, spkiSha256 } of vault.authority.revokers()) {
    const isNeeded = Date.parse(vault.issued.lastEndOf(spkiSha256) ?? '') > now.getTime()
    if (isRetired && !isNeeded) vault.change(() => vault.authority.eraseRevoker(spkiSha256))
  }
}

/** OCSP response for certificates of one key that is in the vault. */
export function answerRevocation({ vault, clock }: RevocationParts, request: Uint8Array): Buffer {
  try {
    const asked = readOcspRequest(request)
    const issuer = vault.authority.revokers().find(({ pem }) => {
      const parsed = certificateOf(certificateInPem(pem).der)
      return asked.certificates.every((one) => isIssuedBy(one, parsed))
    })
    if (!issuer) return ocspRefusal('unauthorized')
    if (vault.protection.locked) return ocspRefusal('tryLater')
    const at = clock()
    const until = new Date(at.getTime() + answerLifeMs)
    const statusOf = (one: AskedCertificate) => statusIn(vault, issuer.spkiSha256, one)
    return vault.authority.withRevokerKey(issuer.spkiSha256, (keyPem) => {
      const material = { certificatePem: issuer.pem, keyPem }
      const parsed = certificateOf(certificateInPem(issuer.pem).der)
      return answerOcsp(asked, { issuer: parsed, material }, { at, until, statusOf })
    })
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return ocspRefusal('malformed')
  }
}

function statusIn({ issued }: Vault, issuerSpkiSha256: string, { serial }: AskedCertificate): OcspStatus {
  const row = issued.get(toHex(serial))
  if (row?.issuerSpkiSha256 !== issuerSpkiSha256) return { status: 'unknown' }
  if (row.revokedAt === null) return { status: 'good' }
  return { status: 'revoked', at: new Date(row.revokedAt), reason: row.revocationReason ?? 0 }
}

function listOf(vault: Vault, issuer: Revoker, { at, until }: { at: Date; until: Date }): Buffer {
  const revoked = vault.issued
    .revokedBy(issuer.spkiSha256)
    .map(({ serial, revokedAt, revocationReason }): Revoked => ({
      serialHex: serial,
      at: new Date(revokedAt ?? at),
      reason: revocationReason ?? 0,
    }))
  return vault.authority.withRevokerKey(issuer.spkiSha256, (keyPem) =>
    makeRevocationList({ certificatePem: issuer.pem, keyPem }, { revoked, at, until }),
  )
}
