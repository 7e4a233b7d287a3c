import { hash } from 'node:crypto'
import { effectiveMinimumVersion } from '../../domain/effective-version.ts'
import type { CipherProfile, TlsPolicy, TlsVersion } from '../../contract/tls-policy.ts'

/** The part of a domain's policy that OpenSSL is set up with, before the handshake. */
export interface HandshakeSettings {
  minimumVersion: TlsVersion
  ciphers: CipherProfile
  http2: boolean
  sessionTickets: boolean
  ocspStapling: boolean
  /** PEM. Empty: no client certificate is asked for. */
  clientAnchors: string[]
}

export function handshakeSettings(policy: TlsPolicy): HandshakeSettings {
  const { ciphers, http2, sessionTickets, ocspStapling, clientCertificates, clientAnchors } = policy
  const asksForCertificate = clientCertificates !== 'off'
  return {
    minimumVersion: effectiveMinimumVersion(policy),
    ciphers,
    http2,
    // A ticket keeps the leaf that the client showed and not its chain, and outlives what it was judged by.
    sessionTickets: sessionTickets && !asksForCertificate,
    ocspStapling,
    clientAnchors: asksForCertificate ? clientAnchors : [],
  }
}

/**
 * What a certificate is called in snapshots when it is served under these settings: it is sent, held
 * and let go once for each set of settings, because a key that OpenSSL has cannot be taken back.
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

/** Tells sets of anchors apart; empty for none. */
export function anchorsPrint(clientAnchors: string[]): string {
  return clientAnchors.length === 0 ? '' : hash('sha256', clientAnchors.join(''), 'base64url')
}
