import type { TlsPolicy, TlsVersion } from '../contract/tls-policy.ts'

/** What a handshake is held to, by version and ciphers together. */
export function effectiveMinimumVersion({
  minimumVersion,
  ciphers,
}: Pick<TlsPolicy, 'minimumVersion' | 'ciphers'>): TlsVersion {
  return ciphers === 'modern' ? '1.3' : minimumVersion
}
