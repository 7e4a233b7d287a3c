import { createPublicKey } from 'node:crypto'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { readCertificate } from '../facts/certificate.ts'
import type { Found, Locked, Reading, WrittenAs } from './found.ts'
import { type OpenKey, readEncryptedPkcs8, unlockPkcs8 } from './private-key.ts'
import { formatKey, publicKeyFacts } from '../facts/public-key.ts'

export function one(piece: Found): Reading {
  return { found: [piece], problems: [] }
}

/**
 * Reads a certificate. The trailer of OpenSSL's trusted certificates is dropped.
 * @throws EdgekeepError `certificate.malformed`
 */
export function certificatePiece(
  der: Uint8Array,
  place: Place,
  writtenAs: WrittenAs,
  allowed: { trailer: boolean } = { trailer: false },
): Found {
  const certificate = readCertificate(der, place)
  const more = der.length - certificate.der.length
  if (more > 0 && !allowed.trailer) {
    throw new EdgekeepError('certificate.malformed', { place, reason: `${more} bytes follow after its end` })
  }
  const { title, isCa } = certificate.facts
  const label = isCa ? 'CA certificate' : 'Certificate'
  return { kind: 'certificate', place, writtenAs, certificate, title: `${label} ${title}` }
}

export function keyPiece(key: OpenKey, place: Place, writtenAs: WrittenAs): Found {
  return { kind: 'private-key', place, writtenAs, key, title: key.title }
}

/** An encrypted PKCS#8 key; undefined if `der` is none. */
export function lockedKeyPiece(der: Uint8Array, place: Place, writtenAs: WrittenAs): Found | undefined {
  const info = readEncryptedPkcs8(der)
  if (!info) return undefined
  const locked: Locked = {
    open: (passphrase, budget) => ({
      found: [keyPiece(unlockPkcs8(info, passphrase, place, budget), place, writtenAs)],
      problems: [],
    }),
  }
  return { kind: 'encrypted-private-key', place, writtenAs, title: 'Encrypted private key (PKCS#8)', locked }
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
    return { kind: 'public-key', place, writtenAs, publicKey, title: `${formatKey(publicKey)} public key` }
  } catch {
    return undefined
  }
}
