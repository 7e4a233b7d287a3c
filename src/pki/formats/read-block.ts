import { SecretBytes } from '../../domain/secret-bytes.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import type { Found, GivenBlock, Reading, WrittenAs } from './found.ts'
import { openSshPrivateKey } from './openssh.ts'
import type { PemBlock, PemFault } from '../asn1/pem.ts'
import { certificatePiece, keyPiece, lockedKeyPiece, one, publicKeyPiece } from './pieces.ts'
import { sniffPkcs7 } from './pkcs7.ts'
import { privateKeyLabels, readPrivateKey, unlockTraditional } from './private-key.ts'
import { sniffDer } from './read-der.ts'
import { sniffRequest } from './sniff-request.ts'
import { listFault, sniffRevocationList } from './sniff-revocation-list.ts'
import { readOne } from '../asn1/der.ts'
import type { WorkBudget } from '../work-budget.ts'

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'])
const parameterTitles = new Map<string, string>(
  Object.entries({
    'EC PARAMETERS': 'EC parameters',
    'DH PARAMETERS': 'Diffie-Hellman parameters',
    'X9.42 DH PARAMETERS': 'Diffie-Hellman parameters',
    'DSA PARAMETERS': 'DSA parameters',
  }),
)

type PieceReader = (der: Buffer, place: Place, writtenAs: WrittenAs) => Found | undefined
const request = { what: 'certificate request', read: sniffRequest }
const others = new Map<string, { what: string; read: PieceReader }>(
  Object.entries({
    'PUBLIC KEY': { what: 'public key', read: (der, ...rest) => publicKeyPiece(der, 'spki', ...rest) },
    'RSA PUBLIC KEY': { what: 'public key', read: (der, ...rest) => publicKeyPiece(der, 'pkcs1', ...rest) },
    'CERTIFICATE REQUEST': request,
    'NEW CERTIFICATE REQUEST': request,
    'X509 CRL': { what: 'revocation list', read: sniffRevocationList },
  }),
)

/** Reads one PEM block. Wipes its bytes if they held a key. */
export function readBlock(block: PemBlock, budget: WorkBudget): Reading {
  const holdsKey = block.label.includes('PRIVATE KEY') && !block.headers.has('dek-info')
  using _bytes = holdsKey ? new SecretBytes(block.bytes) : null
  try {
    const { found, problems } = readByLabel(block, budget)
    return { found: found.map((piece) => ({ ...piece, given: givenBlock(block, piece) })), problems }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { found: [], problems: [error] }
  }
}

/** Keeps the text of a block only if it decodes to exactly one certificate. */
function givenBlock(block: PemBlock, { certificate }: Found): GivenBlock {
  const { label, clean, text, bytes, textBefore, textAfter } = block
  const isCertificate = certificate?.der.length === bytes.length
  const around = { label, isCertificate, textBefore, textAfter }
  return clean || !isCertificate ? around : { ...around, lines: linesOf(text) }
}

function linesOf(text: Buffer): string[] {
  const lines = text.toString('latin1').replace(/^\r?\n|\r?\n$/g, '')
  return lines.split('\n', mostLines).map((line) => visibleText(line.slice(0, longestLine)))
}
/** Base64 may contain any white space, but hardly ever does. */
const mostLines = 1000
const longestLine = 200

function readByLabel(block: PemBlock, budget: WorkBudget): Reading {
  const { label, bytes, place } = block
  const writtenAs = block.clean ? 'pem' : 'messy-pem'
  if (certificateLabels.has(label)) return certificate(block, writtenAs)
  if (label === 'OPENSSH PRIVATE KEY') return openSshPrivateKey(bytes, place)
  if (privateKeyLabels.has(label)) return one(privateKey(block, writtenAs))
  const title = parameterTitles.get(label)
  if (title && isAsn1(bytes)) return one({ kind: 'parameters', place, writtenAs, title })
  const other = others.get(label)
  const found = other?.read(bytes, place, writtenAs)
  if (found) return one(found)
  const sniffed = sniffDer(bytes, place, 'messy-pem', budget)
  if (sniffed) return sniffed
  const what = title ?? other?.what
  if (what) {
    throw new EdgekeepError('input.malformed', {
      place,
      what,
      reason: (label === 'X509 CRL' && listFault(bytes)) || 'its content is not what its label says',
    })
  }
  return one({ kind: 'unknown', place, writtenAs: 'messy-pem', title: `A PEM block labelled ${label}` })
}

function isAsn1(bytes: Uint8Array): boolean {
  try {
    return readOne(bytes).bytes.length > 0
  } catch {
    return false
  }
}

/** Some CAs label a whole PKCS#7 collection as one certificate. */
function certificate({ label, bytes, place }: PemBlock, writtenAs: WrittenAs): Reading {
  try {
    return one(certificatePiece(bytes, place, writtenAs, { trailer: label === 'TRUSTED CERTIFICATE' }))
  } catch (error) {
    const collection = sniffPkcs7(bytes, place)
    if (collection) return collection
    throw error
  }
}

function privateKey(block: PemBlock, writtenAs: WrittenAs): Found {
  const { label, bytes, place } = block
  const dekInfo = block.headers.get('dek-info')
  if (dekInfo !== undefined) {
    const open = (passphrase: string, budget: WorkBudget) =>
      one(keyPiece(unlockTraditional({ label, dekInfo, bytes }, passphrase, place, budget), place, writtenAs))
    const title = `Encrypted private key (${label.split(' ')[0]}, traditional)`
    return { kind: 'encrypted-private-key', place, writtenAs, title, locked: { open } }
  }
  if (label !== 'ENCRYPTED PRIVATE KEY')
    return keyPiece(readPrivateKey(bytes, label, place), place, writtenAs)
  const locked = lockedKeyPiece(bytes, place, writtenAs)
  if (locked) return locked
  throw new EdgekeepError('key.malformed', { place, reason: 'it is not a complete encrypted PKCS#8 key' })
}

/** Error for a block that cannot be decoded: a broken key or, in doubt, a broken certificate. */
export function faultError({ label, reason, place }: PemFault): EdgekeepError {
  if (label.startsWith('PGP ')) {
    return new EdgekeepError('input.malformed', {
      place,
      what: 'OpenPGP block',
      reason: 'TLS has no use for it',
    })
  }
  const code = label.includes('PRIVATE KEY') ? 'key.malformed' : 'certificate.malformed'
  return new EdgekeepError(code, { place, reason })
}
