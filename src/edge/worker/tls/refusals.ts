import type { RefusalReason } from '../../protocol/traffic-report.ts'
import type { ClientHello } from './client-hello.ts'

export interface RefusedHandshake {
  reason: RefusalReason
  /** Alert of the client as RFC 8446 names it (`unknown_ca`), or OpenSSL's code if the reason is `failed`. */
  detail: string | null
  serverName: string | null
  remoteAddress: string
  publishedAddress: string | null
  hello: ClientHello | null
}

/** Classifies OpenSSL's error of a handshake that failed after the ClientHello. */
export function refusalOf(error: {
  code?: string
  reason?: string
}): Pick<RefusedHandshake, 'reason' | 'detail'> {
  const code = error.code ?? 'UNKNOWN'
  const reason = reasonByCode.get(code)
  if (reason) return { reason, detail: null }
  // "tlsv1 alert unknown ca", "ssl/tls alert certificate expired": alerts of the client.
  const [, alert] = (error.reason ?? '').split(' alert ', 2)
  if (alert) return { reason: 'client-alert', detail: alert.replaceAll(' ', '_') }
  return { reason: 'failed', detail: code }
}

const reasonByCode = new Map<string, RefusalReason>(
  Object.entries({
    ECONNRESET: 'gone',
    EPIPE: 'gone',
    ERR_SSL_UNEXPECTED_EOF_WHILE_READING: 'gone',
    ERR_TLS_HANDSHAKE_TIMEOUT: 'timeout',
    ERR_SSL_UNSUPPORTED_PROTOCOL: 'protocol-version',
    ERR_SSL_NO_SHARED_CIPHER: 'no-shared-cipher',
    ERR_SSL_NO_APPLICATION_PROTOCOL: 'no-shared-protocol',
  }),
)

/** Alerts of RFC 8446, section 6, and RFC 6066, section 3. */
export const alerts = {
  handshakeFailure: 40,
  decodeError: 50,
  protocolVersion: 70,
  missingExtension: 109,
  unrecognizedName: 112,
} as const

/** Fatal alert as an unencrypted record: no key is agreed on yet. */
export function alertRecord(description: number): Buffer {
  return Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, description])
}
