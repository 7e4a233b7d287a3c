import { revocationReasons, type RevocationReason } from '../../../contract/issuing/issuing.ts'
import { unusable } from './requests.ts'
import type { AcmeSession } from './session.ts'

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
