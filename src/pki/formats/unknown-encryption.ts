import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'

/** Thrown for an unsupported method; the caller adds the place. */
export class UnknownEncryption extends Error {
  override name = 'UnknownEncryption'
}

/** Names of unsupported methods, by OID. OpenSSL has some of them in its legacy provider. */
const names: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.5.1', 'PBE with MD2 and DES'],
  ['1.2.840.113549.1.5.4', 'PBE with MD2 and RC2'],
  ['1.2.840.113549.3.2', 'RC2 with a key of an unusual length'],
  ['1.2.840.113549.3.4', 'RC4'],
  ['1.2.840.113549.3.9', 'RC5'],
  ['1.2.840.113533.7.66.10', 'CAST5'],
  ['1.3.6.1.4.1.3029.1.2', 'Blowfish'],
  ['1.3.6.1.4.1.188.7.1.1.2', 'IDEA'],
  ['1.2.410.200004.1.4', 'SEED'],
  ['1.2.410.200004.1.15', 'PBE with SHA-1 and SEED'],
  ['2.16.840.1.101.3.4.1.6', 'AES-128-GCM'],
  ['2.16.840.1.101.3.4.1.26', 'AES-192-GCM'],
  ['2.16.840.1.101.3.4.1.46', 'AES-256-GCM'],
  ['1.2.156.10197.1.104.2', 'SM4'],
  ['1.2.643.2.2.21', 'GOST 28147-89'],
  ['1.2.643.7.1.1.5.2.2', 'GOST Kuznyechik'],
  ['1.2.643.7.1.1.4.2', 'GOST R 34.11-2012'],
  ['1.2.840.113549.1.7.3', 'a public key instead of a passphrase'],
  ['1.2.840.113549.1.7.2', 'a signature instead of a passphrase'],
])

/** `SEED (1.2.410.200004.1.4)`, or its name in the file. */
function formatAlgorithm(algorithm: string): string {
  const name = names.get(algorithm)
  return name ? `${name} (${algorithm})` : algorithm
}

/** OIDs of Russian standards, which OpenSSL has in its gost engine alone. */
export const gostArc = '1.2.643.'
const gost = '-engine gost'
const conversions = {
  pkcs12: (isGost: boolean) => `openssl pkcs12 ${isGost ? gost : '-legacy'} -in FILE -out new.pem`,
  key: (isGost: boolean) =>
    `openssl pkey ${isGost ? gost : '-provider legacy -provider default'} -in FILE -aes256 -out new.pem`,
}

/** Error for a file with `algorithm`, an OID or a name, with the command that re-encrypts it. */
export function unsupportedEncryption(
  algorithm: string,
  form: keyof typeof conversions,
  place: Place,
): EdgekeepError {
  return new EdgekeepError('key.unsupported_encryption', {
    place,
    algorithm: formatAlgorithm(algorithm),
    convert: conversions[form](algorithm.startsWith(gostArc)),
  })
}
