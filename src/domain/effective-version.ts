import type { TlsPolicy, TlsVersion } from '../contract/domains/tls-policy.ts'

/** Minimum TLS version that results from version and ciphers together. */
export function effectiveMinimumVersion({
  minimumVersion,
  ciphers,
}: Pick<TlsPolicy, 'minimumVersion' | 'ciphers'>): TlsVersion {
  return ciphers === 'modern' ? '1.3' : minimumVersion
}
