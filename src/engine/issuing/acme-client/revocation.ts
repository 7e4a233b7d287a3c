import type { RevocationReason } from '../../../contract/acme.ts'
import { unusable } from './requests.ts'
import type { AcmeSession } from './session.ts'

/** CRLReason (RFC 5280, section 5.3.1), those that a subscriber may give. */
const reasonCodes: Record<RevocationReason, number> = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
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
  await session.post(revokeCert, { certificate, reason: reasonCodes[reason] })
}
