import type { TlsOptions } from 'node:tls'
import type { CipherProfile } from '../../../contract/domains/tls-policy.ts'
import { cipherSuites } from '../../../domain/cipher-suites.ts'

type CipherOptions = Required<Pick<TlsOptions, 'ciphers' | 'honorCipherOrder' | 'ecdhCurve'>>

export function cipherOptions(profile: CipherProfile): CipherOptions {
  return {
    ciphers: cipherSuites[profile].join(':'),
    honorCipherOrder: profile === 'compatible',
    ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
  }
}
