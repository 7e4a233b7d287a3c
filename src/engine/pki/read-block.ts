import { EdgekeepError, type Place } from '../../contract/errors.ts'
import type { Found, Reading } from './found.ts'
import type { PemBlock, PemFault } from './pem.ts'
import { privateKeyLabels, readPrivateKey, unlockTraditional } from './private-key.ts'
import { certificatePiece, keyPiece, lockedKeyPiece, publicKeyPiece, sniffDer } from './read-der.ts'
import { sniffRequest } from './request.ts'
import { sniffRevocationList } from './revocation-list.ts'

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'])
const requestLabels = new Set(['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'])
const parameterTitles: Record<string, string> = {
  'EC PARAMETERS': 'EC parameters',
  'DH PARAMETERS': 'Diffie-Hellman parameters',
  'X9.42 DH PARAMETERS': 'Diffie-Hellman parameters',
  'DSA PARAMETERS': 'DSA parameters',
}

/** Reads one PEM block. Its bytes are zeroed when they held a key. */
export function readBlock(block: PemBlock): Reading {
  try {
    return { found: [pieceOf(block)], problems: [] }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { found: [], problems: [error] }
  } finally {
    if (block.label.includes('PRIVATE KEY') && !isEncrypted(block)) block.bytes.fill(0)
  }
}

function pieceOf(block: PemBlock): Found {
  const { label, bytes, place } = block
  const writtenAs = block.clean ? 'pem' : 'messy-pem'
  if (certificateLabels.has(label)) return certificatePiece(bytes, place, writtenAs)
  if (privateKeyLabels.has(label)) return privateKey(block)
  const parameters = parameterTitles[label]
  if (parameters) return { kind: 'parameters', place, writtenAs, title: parameters }
  const found =
    label === 'PUBLIC KEY'
      ? publicKeyPiece(bytes, 'spki', place, writtenAs)
      : label === 'RSA PUBLIC KEY'
        ? publicKeyPiece(bytes, 'pkcs1', place, writtenAs)
        : requestLabels.has(label)
          ? sniffRequest(bytes, place, writtenAs)
          : label === 'X509 CRL'
            ? sniffRevocationList(bytes, place, writtenAs)
            : undefined
  if (found) return found
  return unknownPiece(block)
}

function privateKey(block: PemBlock): Found {
  const { label, bytes, place } = block
  const writtenAs = block.clean ? 'pem' : 'messy-pem'
  const dekInfo = block.headers.get('dek-info')
  if (dekInfo !== undefined) {
    const open = (passphrase: string) => ({
      found: [keyPiece(unlockTraditional({ label, dekInfo, bytes }, passphrase, place), place, writtenAs)],
      problems: [],
    })
    return {
      kind: 'encrypted-private-key',
      place,
      writtenAs,
      title: `Encrypted private key (${label.split(' ')[0]}, traditional)`,
      locked: { open },
    }
  }
  if (label !== 'ENCRYPTED PRIVATE KEY')
    return keyPiece(readPrivateKey(bytes, label, place), place, writtenAs)
  const locked = lockedKeyPiece(bytes, place, writtenAs)
  if (locked) return locked
  throw new EdgekeepError('key.malformed', { place, reason: 'it is not a complete encrypted PKCS#8 key' })
}

/** A label that says nothing we know, or content that is not what its label says. */
function unknownPiece(block: PemBlock): Found {
  const { label, bytes, place } = block
  const sniffed = sniffDer(bytes, place, 'messy-pem')
  if (sniffed) return sniffed
  return { kind: 'unknown', place, writtenAs: 'messy-pem', title: `A PEM block labelled ${label}` }
}

function isEncrypted(block: PemBlock): boolean {
  return block.label === 'ENCRYPTED PRIVATE KEY' || block.headers.has('dek-info')
}

/** What a block that could not be decoded means: a broken key or, in doubt, a broken certificate. */
export function faultError({ label, reason, place }: PemFault): EdgekeepError {
  const code = label.includes('PRIVATE KEY') ? 'key.malformed' : 'certificate.malformed'
  return new EdgekeepError(code, { place, reason })
}
