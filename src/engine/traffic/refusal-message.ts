import type { RefusalReport } from '../../edge/protocol/traffic-report.ts'

type Refusal = Pick<RefusalReport, 'reason' | 'detail' | 'serverName'>

export function refusalMessage({ reason, detail, serverName }: Refusal): string {
  const name = serverName ?? 'that name'
  switch (reason) {
    case 'not-tls':
      return 'What the client sent was not TLS.'
    case 'http':
      return 'The client spoke plain HTTP on the port for HTTPS.'
    case 'malformed':
      return 'The client’s first message was malformed.'
    case 'timeout':
      return 'The client did not complete the handshake in time.'
    case 'gone':
      return 'The client left in the middle of the handshake without saying why.'
    case 'no-name':
      return 'The client offered no name.'
    case 'unknown-name':
      return `The client asked for ${name}, which is not served here.`
    case 'https-off':
      return `HTTPS is off for ${name}.`
    case 'no-key':
      return `HTTPS is down for ${name}: the edge has no key for it.`
    case 'protocol-version':
      return 'The client offers no version of TLS that is accepted here.'
    case 'no-shared-cipher':
      return 'The client offers no cipher that is accepted here.'
    case 'no-shared-protocol':
      return 'The client offers no protocol (ALPN) that is spoken here.'
    case 'client-alert':
      return `${alerts.get(detail ?? '') ?? 'The client refused the handshake'}: alert ${detail ?? 'unknown'}.`
    case 'failed':
      return failures.get(detail ?? '') ?? `The handshake failed (${detail ?? 'for no known reason'}).`
  }
}

/** Meanings of a client's TLS alert (RFC 8446, section 6.2). */
const alerts = new Map<string, string>(
  Object.entries({
    unknown_ca: 'The client does not trust this authority',
    certificate_unknown: 'The client does not accept the certificate',
    bad_certificate: 'The client finds the certificate wrong',
    certificate_expired: 'The client finds that the certificate has expired',
    certificate_revoked: 'The client finds that the certificate was revoked',
    unsupported_certificate: 'The client cannot use this kind of certificate',
    protocol_version: 'The client does not speak this version of TLS',
    handshake_failure: 'The client and the edge have nothing in common',
    user_canceled: 'The client was told to stop',
  }),
)

const failures = new Map<string, string>(
  Object.entries({
    ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      'The client gave no certificate, and this domain requires one.',
    ERR_SSL_CERTIFICATE_VERIFY_FAILED: 'The client’s certificate does not verify.',
  }),
)
