import { createHash, X509Certificate } from 'node:crypto'
import { signingIntermediate } from '../local/revocation.ts'
import type { AcmeServerAccount } from '../../vault/vault.ts'
import { AcmeProblem } from './problem.ts'
import {
  type AcmeAnswer,
  type AcmeParts,
  bytesOf,
  type Posted,
  requireEmpty,
  thumbprintOf,
} from './request.ts'

/** The reasons of RFC 5280, section 5.3.1, that a client may give. */
const revocationReasons = [0, 1, 3, 4, 5]

/** `cert/SERIAL` (RFC 8555, section 7.4.2): the leaf and its issuer. */
export function answerCertificate(
  { vault }: Pick<AcmeParts, 'vault'>,
  { signed, id }: Posted,
  account: AcmeServerAccount,
): AcmeAnswer {
  requireEmpty(signed)
  const row = vault.issued.get(id)
  if (row?.accountId !== account.id)
    throw new AcmeProblem('malformed', 'There is no such certificate.', { status: 404 })
  const current = signingIntermediate(vault)
  const issuerPem =
    current?.spkiSha256 === row.issuerSpkiSha256
      ? current.pem
      : (vault.issued.lastListNamed(row.issuerSpkiSha256)?.issuerPem ?? '')
  return {
    status: 200,
    body: row.certificatePem + issuerPem,
    contentType: 'application/pem-certificate-chain',
  }
}

/** `revoke-cert` (RFC 8555, section 7.6): asked by the account that ordered it, or signed by its own key. */
export async function answerRevocation(
  { vault, revoke }: AcmeParts,
  { signed }: Posted,
): Promise<AcmeAnswer> {
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
  await revoke(row, reason)
  return { status: 200 }
}
