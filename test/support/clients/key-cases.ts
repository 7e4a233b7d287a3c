import type { KeyKind } from '../pki/certificate-maker.ts'
import { chainCase, type ClientCase, leafCase, served } from './client-case.ts'

const leafKeys: Partial<Record<KeyKind, string>> = {
  rsa: 'RSA 2048 key',
  rsa1024: 'RSA 1024 key',
  rsa1536: 'RSA 1536 key',
  rsa2047: 'RSA 2047 key',
  rsa3072: 'RSA 3072 key',
  rsa4096: 'RSA 4096 key',
  'rsa-exponent-3': 'RSA key with exponent 3',
  'pss-key': 'RSA-PSS key without parameters',
  'pss-key-sha256': 'RSA-PSS key for SHA-256',
  ec: 'P-256 key',
  p224: 'P-224 key',
  p384: 'P-384 key',
  p521: 'P-521 key',
  secp256k1: 'secp256k1 key',
  brainpoolP256r1: 'brainpoolP256r1 key',
  brainpoolP384r1: 'brainpoolP384r1 key',
  brainpoolP512r1: 'brainpoolP512r1 key',
  'explicit-ec': 'EC key with explicit parameters',
  dsa: 'DSA key',
  ed25519: 'Ed25519 key',
  ed448: 'Ed448 key',
  'ml-dsa-44': 'ML-DSA-44 key',
  'ml-dsa-65': 'ML-DSA-65 key',
  'ml-dsa-87': 'ML-DSA-87 key',
}

const leafKeyCases = Object.entries(leafKeys).map(([kind, title]) =>
  leafCase(`key-${kind}`, title, ({ keys }) => ({ keys: keys(kind as KeyKind) })),
)

const authorityKeys: Partial<Record<KeyKind, string>> = {
  rsa: 'an RSA 2048 key',
  rsa1024: 'an RSA 1024 key',
  rsa4096: 'an RSA 4096 key',
  'rsa-pss': 'an RSA key, signing with PSS',
  p224: 'a P-224 key',
  p384: 'a P-384 key',
  p521: 'a P-521 key',
  secp256k1: 'a secp256k1 key',
  brainpoolP256r1: 'a brainpoolP256r1 key',
  ed25519: 'an Ed25519 key',
  ed448: 'an Ed448 key',
  'ml-dsa-65': 'an ML-DSA-65 key',
}

const authorityKeyCases = Object.entries(authorityKeys).map(([kind, title]) =>
  chainCase(`authority-${kind}`, `intermediate with ${title}`, (workshop) => {
    const { authority, leaf, keys } = workshop
    const issuer = authority(`intermediate ${kind}`, { keys: keys(kind as KeyKind) })
    return served([leaf({ issuer }), issuer])
  }),
)

const rootKeyCases = (['rsa', 'rsa1024', 'p521', 'ed25519', 'ml-dsa-65'] as const).map((kind) =>
  chainCase(`root-${kind}`, `root with ${authorityKeys[kind]}`, ({ authority, leaf, keys }) => {
    const root = authority(`root ${kind}`, { keys: keys(kind), issuer: undefined })
    const issuer = authority(`intermediate under ${kind}`, { issuer: root })
    return served([leaf({ issuer }), issuer], [root])
  }),
)

const hashes = ['md5', 'sha1', 'sha224', 'sha384', 'sha512'] as const
const hashName = { md5: 'MD5', sha1: 'SHA-1', sha224: 'SHA-224', sha384: 'SHA-384', sha512: 'SHA-512' }

const hashCases = hashes.flatMap((hash): ClientCase[] => [
  chainCase(`rsa-${hash}-leaf`, `leaf signed with RSA and ${hashName[hash]}`, ({ authority, leaf, keys }) => {
    const issuer = authority('intermediate for hashes', { keys: keys('rsa') })
    return served([leaf({ issuer, hash }), issuer])
  }),
  ...(hash === 'md5'
    ? []
    : [
        leafCase(`ecdsa-${hash}-leaf`, `leaf signed with ECDSA and ${hashName[hash]}`, () => ({ hash })),
        chainCase(
          `ecdsa-${hash}-intermediate`,
          `intermediate signed with ECDSA and ${hashName[hash]}`,
          ({ authority, leaf }) => {
            const issuer = authority(`intermediate by ${hash}`, { hash })
            return served([leaf({ issuer }), issuer])
          },
        ),
      ]),
])

const selfSignedHashes = (['sha1', 'sha512'] as const).map((hash) =>
  chainCase(`root-${hash}`, `root signed by itself with ${hashName[hash]}`, ({ authority, leaf }) => {
    const root = authority(`root by ${hash}`, { issuer: undefined, hash })
    const issuer = authority(`intermediate under ${hash}`, { issuer: root })
    return served([leaf({ issuer }), issuer], [root])
  }),
)

export const keyCases = [
  ...leafKeyCases,
  ...authorityKeyCases,
  ...rootKeyCases,
  ...hashCases,
  ...selfSignedHashes,
]
