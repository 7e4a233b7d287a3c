import { certificateInPem } from '../../pki/facts/certificate.ts'
import { answerOcsp, ocspRefusal, type OcspStatus } from '../../pki/ocsp/answer.ts'
import { isIssuedBy } from '../../pki/ocsp/certificate-id.ts'
import { type AskedCertificate, readOcspRequest } from '../../pki/ocsp/request.ts'
import { DerError, toHex } from '../../pki/asn1/der.ts'
import { makeRevocationList, type Revoked } from '../../pki/issue/revocation-list.ts'
import { certificateOf } from '../../pki/x509/certificate.ts'
import type { Vault } from '../vault/vault.ts'

/** Validity of revocation lists and OCSP responses: short, so that revocation can be tried out. */
export const answerLifeMs = 3_600_000

interface RevocationParts {
  vault: Vault
  clock: () => Date
}

/** The signing certificate in PEM with the SHA-256 of its SPKI; undefined without one. */
export function signingIntermediate(
  vault: Vault,
): { pem: string; der: Uint8Array; spkiSha256: string } | undefined {
  const pem = vault.authority.get()?.intermediatePem ?? undefined
  if (pem === undefined) return undefined
  const { der, facts } = certificateInPem(pem)
  return { pem, der, spkiSha256: facts.publicKey.spkiSha256 }
}

/**
 * Signs the present revocation list of the signing key.
 * @throws `vault.locked`
 */
export function signRevocationList({
  vault,
  clock,
}: RevocationParts): { list: Buffer; until: Date } | undefined {
  const issuer = signingIntermediate(vault)
  if (!issuer) return undefined
  const at = clock()
  const until = new Date(at.getTime() + answerLifeMs)
  return { list: listOf(vault, issuer, { at, until }), until }
}

/**
 * Signs the final revocation list, valid until the last certificate of the key expires. Called in the
 * transaction that erases the signing key.
 */
export function keepLastList({ vault, clock }: RevocationParts): void {
  const issuer = signingIntermediate(vault)
  if (!issuer) return
  const end = vault.issued.lastEndOf(issuer.spkiSha256)
  const [at, until] = [clock(), new Date(end ?? 0)]
  if (until <= at) return
  const list = listOf(vault, issuer, { at, until })
  vault.issued.keepLastList({ issuerSpkiSha256: issuer.spkiSha256, issuerPem: issuer.pem, list })
}

/** OCSP response for certificates of the signing key only. */
export function answerRevocation({ vault, clock }: RevocationParts, request: Uint8Array): Buffer {
  const issuer = signingIntermediate(vault)
  if (!issuer) return ocspRefusal('unauthorized')
  try {
    const asked = readOcspRequest(request)
    const parsed = certificateOf(issuer.der)
    if (!asked.certificates.every((one) => isIssuedBy(one, parsed))) return ocspRefusal('unauthorized')
    if (vault.protection.locked) return ocspRefusal('tryLater')
    const at = clock()
    const until = new Date(at.getTime() + answerLifeMs)
    const statusOf = (one: AskedCertificate) => statusIn(vault, issuer.spkiSha256, one)
    return vault.authority.withIntermediateKey((keyPem) => {
      const material = { certificatePem: issuer.pem, keyPem }
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

function listOf(
  vault: Vault,
  issuer: { pem: string; spkiSha256: string },
  { at, until }: { at: Date; until: Date },
): Buffer {
  const revoked = vault.issued
    .revokedBy(issuer.spkiSha256)
    .map(({ serial, revokedAt, revocationReason }): Revoked => ({
      serialHex: serial,
      at: new Date(revokedAt ?? at),
      reason: revocationReason ?? 0,
    }))
  return vault.authority.withIntermediateKey((keyPem) =>
    makeRevocationList({ certificatePem: issuer.pem, keyPem }, { revoked, at, until }),
  )
}
