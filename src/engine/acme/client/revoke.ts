import { type RevocationReason, revocationReasons } from '../../../contract/issuing/issuing.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { certificateFact, certificateRow } from '../../certificates/certificates.ts'
import { commit } from '../../core/commit.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { openAccountSession } from './sessions.ts'
import { unusable } from './requests.ts'
import type { AcmeSession } from './session.ts'

/** Domains serve the certificate until it is replaced. */
export async function revokeOrdered(
  parts: AcmeClientNeeds,
  { certificateId, reason }: { certificateId: string; reason: RevocationReason },
): Promise<{ name: string }> {
  const { vault } = parts
  vault.requireUnlocked()
  const row = certificateRow(parts, certificateId)
  const accountId = vault.renewals.get(row.id)?.accountId ?? null
  if (accountId === null) throw new EdgekeepError('acme.not_ours', { name: row.name })
  const [leaf] = chainFromPem(row.chainPem)
  if (!leaf) throw new TypeError('A stored chain has at least its leaf')
  using session = await openAccountSession(parts, vault.acmeAccounts.find(accountId))
  await revokeCertificate(session, leaf, reason)
  await commit(parts, () => {
    vault.certificates.markRevoked(row.id, parts.clock())
    const before = certificateFact(row)
    return { record: { action: 'certificate.revoke', subject: row.id, before, after: { ...before, reason } } }
  })
  return { name: row.name }
}

/** Revokes a certificate of the session's account (RFC 8555, section 7.6). */
export async function revokeCertificate(
  session: AcmeSession,
  leafDer: Uint8Array,
  reason: RevocationReason,
): Promise<void> {
  const { revokeCert } = session.directory
  if (revokeCert === undefined) throw unusable(session.host, 'the directory names no way to revoke')
  const certificate = Buffer.from(leafDer).toString('base64url')
  await session.post(revokeCert, { certificate, reason: revocationReasons[reason] })
}
