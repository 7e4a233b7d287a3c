import { hash } from 'node:crypto'
import { effectiveMinimumVersion } from '../../domain/effective-version.ts'
import type { TlsPolicy } from '../../contract/domains/tls-policy.ts'

/** Policy settings that OpenSSL needs before the handshake. */
export type HandshakeSettings = ReturnType<typeof handshakeSettings>

export function handshakeSettings(policy: TlsPolicy) {
  const { ciphers, http2, sessionTickets, ocspStapling, clientCertificates, clientAnchors } = policy
  const asksForCertificate = clientCertificates !== 'off'
  return {
    minimumVersion: effectiveMinimumVersion(policy),
    ciphers,
    http2,
    // Tickets hold the client's leaf without its chain and outlive the anchors that verified it.
    sessionTickets: sessionTickets && !asksForCertificate,
    ocspStapling,
    /** PEM. Empty: no client certificate is requested. */
    clientAnchors: asksForCertificate ? clientAnchors : [],
  }
}

/**
 * Identifies a certificate with its settings in snapshots. Each set of settings gets a context of its own,
 * because a key that OpenSSL has cannot be taken back.
 */
export function servingId(certificateId: string, settings: HandshakeSettings): string {
  const { minimumVersion, ciphers, http2, sessionTickets, ocspStapling, clientAnchors } = settings
  const deviations = [
    minimumVersion !== '1.2' && minimumVersion,
    ciphers !== 'intermediate' && ciphers,
    !http2 && 'no-h2',
    !sessionTickets && 'no-tickets',
    ocspStapling && 'stapled',
    anchorsPrint(clientAnchors),
  ]
  return [certificateId, ...deviations.filter((each) => each !== false && each !== '')].join(' ')
}

export function anchorsPrint(clientAnchors: string[]): string {
  return clientAnchors.length === 0 ? '' : hash('sha256', clientAnchors.join(''), 'base64url')
}
