import type { RevocationReason } from '../../../contract/issuing/issuing.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { revokeCertificate } from './revocation.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { certificateFact, certificateRow } from '../../certificates/certificates.ts'
import { commit } from '../../core/commit.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { withSession } from './sessions.ts'

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
  await withSession(parts, vault.acmeAccounts.find(accountId), (session) =>
    revokeCertificate(session, leaf, reason),
  )
  await commit(parts, () => {
    vault.certificates.markRevoked(row.id, parts.clock())
    const before = certificateFact(row)
    return {
      record: { action: 'certificate.revoke', subject: row.id, before, after: { ...before, reason } },
    }
  })
  return { name: row.name }
}
