import { createPublicKey, X509Certificate } from 'node:crypto'
import { EdgekeepError, type Place } from '../../contract/errors.ts'
import { readCertificate } from './certificate.ts'
import type { Found, WrittenAs } from './found.ts'
import { inspectEncryptedPkcs8, sniffPrivateKey, unlockPkcs8, type OpenKey } from './private-key.ts'
import { keyInWords, publicKeyFacts } from './public-key.ts'
import { sniffRequest } from './request.ts'
import { sniffRevocationList } from './revocation-list.ts'

/** A certificate piece. @throws EdgekeepError `certificate.malformed` */
export function certificatePiece(der: Uint8Array, place: Place, writtenAs: WrittenAs): Found {
  const certificate = readCertificate(der, place)
  const { title, isCa } = certificate.facts
  return {
    kind: 'certificate',
    place,
    writtenAs,
    certificate,
    title: `${isCa ? 'CA certificate' : 'Certificate'} ${title}`,
  }
}

export function keyPiece(key: OpenKey, place: Place, writtenAs: WrittenAs): Found {
  return { kind: 'private-key', place, writtenAs, key, title: key.title }
}

/**
 * An encrypted PKCS#8 key, opened by its passphrase; undefined where `der` is none.
 * @throws EdgekeepError `key.malformed` when opening it would cost too much
 */
export function lockedKeyPiece(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  const seen = inspectEncryptedPkcs8(der)
  if (!seen) return undefined
  if (seen.refusal !== undefined) throw new EdgekeepError('key.malformed', { place, reason: seen.refusal })
  const open = (passphrase: string) => ({
    found: [keyPiece(unlockPkcs8(der, passphrase, place), place, writtenAs)],
    problems: [],
  })
  return {
    kind: 'encrypted-private-key',
    place,
    writtenAs,
    title: 'Encrypted private key (PKCS#8)',
    locked: { open },
  }
}

/** Whatever a DER value is, or undefined. `der` may hold a key and stays the caller's to zero. */
export function sniffDer(der: Buffer, place: Place, writtenAs: WrittenAs): Found | undefined {
  if (isCertificate(der)) return certificatePiece(der, place, writtenAs)
  const key = sniffPrivateKey(der, place)
  if (key) return keyPiece(key, place, writtenAs)
  return (
    lockedKeyPiece(Buffer.from(der), place, writtenAs) ??
    publicKeyPiece(der, 'spki', place, writtenAs) ??
    sniffRequest(der, place, writtenAs) ??
    sniffRevocationList(der, place, writtenAs)
  )
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der) !== undefined
  } catch {
    return false
  }
}

/** A public key in SubjectPublicKeyInfo or PKCS#1 form, or undefined. */
export function publicKeyPiece(
  der: Buffer,
  type: 'spki' | 'pkcs1',
  place: Place,
  writtenAs: WrittenAs,
): Found | undefined {
  try {
    const publicKey = publicKeyFacts(createPublicKey({ key: der, format: 'der', type }))
    return { kind: 'public-key', place, writtenAs, publicKey, title: `${keyInWords(publicKey)} public key` }
  } catch {
    return undefined
  }
}
