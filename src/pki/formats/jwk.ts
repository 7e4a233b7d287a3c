import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto'
import type { Place } from '../../contract/errors/registry.ts'
import { SecretBytes, type Unwiped } from '../../domain/secret-bytes.ts'
import { formatKey, publicKeyFacts } from '../facts/public-key.ts'
import { limits } from '../limits.ts'
import type { Found } from './found.ts'
import { keyPiece } from './pieces.ts'

/**
 * Keys of a JWK or JWKS (RFC 7517); none where the text is neither. Node reads a JWK only as strings, so a
 * private one stays in memory until the runtime reuses it.
 */
export function jwkPieces(text: Buffer, place: Place): Found[] {
  if (text.find((byte) => byte > 0x20) !== 0x7b || !text.includes('"kty"')) return []
  const keys = keysIn(text)
  return keys.slice(0, limits.pieces).flatMap((key, index) => {
    const piece = pieceOf(key, keys.length > 1 ? { ...place, block: index + 1 } : place)
    return piece ? [piece] : []
  })
}

function keysIn(text: Buffer): Unwiped<JsonWebKey>[] {
  try {
    const parsed = JSON.parse(text.toString('utf8')) as { keys?: unknown }
    return (Array.isArray(parsed.keys) ? parsed.keys : [parsed]) as JsonWebKey[]
  } catch {
    return []
  }
}

function pieceOf(key: Unwiped<JsonWebKey>, place: Place): Found | undefined {
  const input = { key, format: 'jwk' } as const
  try {
    const publicKey = publicKeyFacts(createPublicKey(input))
    const kind = formatKey(publicKey)
    if (key.d === undefined)
      return {
        kind: 'public-key',
        place,
        writtenAs: 'messy-pem',
        publicKey,
        title: `${kind} public key (JWK)`,
      }
    const pkcs8 = new SecretBytes(createPrivateKey(input).export({ type: 'pkcs8', format: 'der' }))
    return keyPiece({ pkcs8, publicKey, title: `${kind} private key (JWK)` }, place, 'messy-pem')
  } catch {
    return undefined
  }
}
