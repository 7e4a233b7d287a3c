import { createHash, X509Certificate } from 'node:crypto'
import type { AcmeServerAccount, Vault } from '../../vault/vault.ts'
import { AcmeProblem } from './problem.ts'
import type { RateLimit, RateLimits } from './rate-limits.ts'
import {
  type AcmeAnswer,
  type AcmeParts,
  bytesOf,
  type Posted,
  requireEmpty,
  thumbprintOf,
} from './request.ts'

/** Reason codes that clients may use (RFC 5280, section 5.3.1). */
const revocationReasons = [0, 1, 3, 4, 5]

const revocationLimit: RateLimit = { most: 100, periodMs: 3_600_000, what: 'revocations by this account' }

/** Leaf and issuer at `cert/SERIAL` (RFC 8555, section 7.4.2). */
export function answerCertificate(
  { vault }: Pick<AcmeParts, 'vault'>,
  { signed, id }: Posted,
  account: AcmeServerAccount,
): AcmeAnswer {
  requireEmpty(signed)
  const row = vault.issued.get(id)
  if (row?.accountId !== account.id)
    throw new AcmeProblem('malformed', 'There is no such certificate.', { status: 404 })
  const issuer = vault.authority.revokers().find(({ spkiSha256 }) => spkiSha256 === row.issuerSpkiSha256)
  const issuerPem = issuer?.pem ?? vault.issued.lastListNamed(row.issuerSpkiSha256)?.issuerPem ?? ''
  return {
    status: 200,
    body: row.certificatePem + issuerPem,
    contentType: 'application/pem-certificate-chain',
  }
}

/** `revoke-cert` (RFC 8555, section 7.6), signed by the ordering account or the certificate's key. */
export function answerRevocation(
  { vault, revoke }: AcmeParts,
  limits: RateLimits,
  { signed }: Posted,
): AcmeAnswer {
  const der = bytesOf(signed.payload?.get('certificate'), 'certificate')
  const row = vault.issued.findByFingerprint(createHash('sha256').update(der).digest('hex'))
  if (!row)
    throw new AcmeProblem('malformed', 'This server has not issued this certificate.', { status: 404 })
  const isOwner = signed.account
    ? row.accountId === signed.account.id
    : thumbprintOf(new X509Certificate(der).publicKey) === signed.thumbprint
  if (!isOwner)
    throw new AcmeProblem('unauthorized', 'The certificate is neither of this account nor of this key.')
  const reason = signed.payload?.get('reason') ?? 0
  if (typeof reason !== 'number' || !revocationReasons.includes(reason))
    throw new AcmeProblem('badRevocationReason', `The reasons are ${revocationReasons.join(', ')}.`)
  if (row.revokedAt !== null) throw new AcmeProblem('alreadyRevoked', 'The certificate is revoked already.')
  limits.take([{ key: row.accountId ?? '', limit: revocationLimit }])
  requirePlace(vault)
  revoke(row, reason)
  return { status: 200 }
}

/** Bounds revocations by clients: a revoked certificate stays on record until it expires. */
function requirePlace(vault: Vault): void {
  if (vault.issued.canRevokeForAcme()) return
  const detail = 'Too many certificates are revoked. "edgekeep cert revoke" revokes this one.'
  throw new AcmeProblem('rateLimited', detail, { retryAfter: 86_400 })
}
