import type { UpstreamFailure } from './upstream-response.ts'

export function connectFailure(error: NodeJS.ErrnoException): UpstreamFailure {
  const code = error.code ?? 'UNKNOWN'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unresolved', code }
  if (code === 'ECONNREFUSED') return { kind: 'refused', code }
  if (code === 'ETIMEDOUT') return { kind: 'connect-timeout', code }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return { kind: 'unreachable', code }
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed', code }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return { kind: 'tls', code }
  if (code.startsWith('ERR_TLS_CERT') || certificateCodes.test(code)) return { kind: 'certificate', code }
  return { kind: 'unreachable', code }
}

/** OpenSSL's verification results, as Node names them. */
const certificateCodes = /CERT|SIGNED|CRL|HOSTNAME|ISSUER|LEAF|CHAIN|CA$|PATH_LENGTH/
