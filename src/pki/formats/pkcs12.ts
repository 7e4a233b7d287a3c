import { SecretBytes } from '../../domain/secret-bytes.ts'
import { AsnConvert } from '@peculiar/asn1-schema'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import type { Found, Reading } from './found.ts'
import { limits } from '../limits.ts'
import { costOf, type Derivation } from './key-derivation.ts'
import { decryptWithPassphrase, derivationsFor } from './password-encryption.ts'
import { EncryptedPrivateKeyInfo } from './password-schemas.ts'
import { readPiecedOctets } from '../asn1/pieced-octets.ts'
import { macHolds, macMethod } from './pkcs12-mac.ts'
import {
  AuthenticatedSafe,
  ContentInfo,
  EncryptedData,
  type MacData,
  Pfx,
  type SafeBag,
  SafeContents,
  TypedOctets,
} from './pkcs12-schemas.ts'
import { readEncryptedPkcs8, readPrivateKey, unlockPkcs8 } from './private-key.ts'
import { certificatePiece, keyPiece } from './pieces.ts'
import { sniffRevocationList } from './sniff-revocation-list.ts'
import { UnknownEncryption, unsupportedEncryption } from './unknown-encryption.ts'
import { NotYet, TooCostly, type WorkBudget } from '../work-budget.ts'

const contentTypes = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' } as const
const bagTypes = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  revocationList: '1.2.840.113549.1.12.10.1.4',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const
const deepestSafe = 4

/** One attempt to open an archive. `passphrase` undefined is none, which differs from the empty one. */
interface Attempt {
  passphrase: string | undefined
  place: Place
  budget: WorkBudget
  reading: Reading
  /** A derivation is pending. Reading goes on, so that all pending derivations are requested at once. */
  waits: boolean
}

class WrongPassphrase extends Error {}

/**
 * Recognises a PKCS#12 archive (RFC 7292), and reads it if it needs no passphrase; undefined if `der` is
 * none.
 */
export function sniffPkcs12(der: Uint8Array, place: Place, budget: WorkBudget): Reading | undefined {
  const pfx = readPfx(der)
  if (!pfx) return undefined
  const archive: Found = { kind: 'archive', place, writtenAs: 'pkcs12', title: 'PKCS#12 archive' }
  try {
    const { found, problems } = openPfx(pfx, '', place, budget.trial())
    return { found: [archive, ...found], problems }
  } catch (error) {
    // An attempt does no long work; the archive counts as locked instead.
    const isLocked =
      error instanceof TooCostly || (error instanceof EdgekeepError && error.code === 'key.wrong_passphrase')
    if (!isLocked && error instanceof EdgekeepError) return { found: [archive], problems: [error] }
    if (!isLocked) throw error
    const open = (passphrase: string, more: WorkBudget) => {
      try {
        return openPfx(pfx, passphrase, place, more)
      } catch (failure) {
        if (!(failure instanceof TooCostly)) throw failure
        throw new EdgekeepError('key.malformed', { place, reason: failure.message }, { cause: failure })
      }
    }
    return { found: [{ ...archive, locked: { open } }], problems: [] }
  }
}

function readPfx(der: Uint8Array): Pfx | undefined {
  try {
    const pfx = AsnConvert.parse(der, Pfx)
    return pfx.version === 3 ? pfx : undefined
  } catch {
    return undefined
  }
}

/** Tries an empty passphrase as none too: tools differ in what an empty one means. */
function openPfx(pfx: Pfx, passphrase: string, place: Place, budget: WorkBudget): Reading {
  const variants = passphrase === '' ? ['', undefined] : [passphrase]
  for (const variant of variants) {
    try {
      return readContents(pfx, {
        passphrase: variant,
        place,
        budget,
        reading: { found: [], problems: [] },
        waits: false,
      })
    } catch (error) {
      if (!(error instanceof WrongPassphrase)) throw archiveError(error, place)
    }
  }
  throw new EdgekeepError('key.wrong_passphrase', { place })
}

function archiveError(error: unknown, place: Place): unknown {
  if (error instanceof EdgekeepError || error instanceof TooCostly || error instanceof NotYet) return error
  if (error instanceof UnknownEncryption) return unsupportedEncryption(error.message, 'pkcs12', place)
  return new EdgekeepError('key.malformed', { place, reason: 'it is not a complete PKCS#12 archive' })
}

/** Checks the MAC first, which detects a wrong passphrase before any decryption. */
function readContents({ authSafe, macData }: Pfx, attempt: Attempt): Reading {
  const { contentType, content } = authSafe
  // No known tool makes archives with a signature in place of the MAC.
  if (contentType !== contentTypes.data) throw new UnknownEncryption(contentType)
  const octets = readPiecedOctets(content)
  const safes = [...AsnConvert.parse(octets, AuthenticatedSafe)]
  attempt.budget.plan(workFor(safes, macData))
  if (macData && !macHolds(octets, macData, attempt.passphrase, attempt.budget)) throw new WrongPassphrase()
  try {
    for (const info of safes) orWait(attempt, () => readSafe(info, attempt))
    if (attempt.waits) throw new NotYet()
  } catch (error) {
    for (const { key } of attempt.reading.found) key?.pkcs8[Symbol.dispose]()
    throw error
  }
  return attempt.reading
}

/** Cost of deriving the keys, as far as it is readable without decryption. */
function workFor(safes: ArrayBuffer[], macData: MacData | undefined): number {
  const derivations = safes.flatMap((info) => derivationsIn(AsnConvert.parse(info, ContentInfo)))
  if (macData) derivations.push(macMethod(macData, '').derivation)
  return derivations.reduce((sum, derivation) => sum + costOf(derivation).work, 0)
}

function derivationsIn({ contentType, content }: ContentInfo): Derivation[] {
  if (contentType === contentTypes.encryptedData)
    return derivationsFor(
      AsnConvert.parse(content, EncryptedData).encryptedContentInfo.contentEncryptionAlgorithm,
    )
  if (contentType !== contentTypes.data) return []
  return [...AsnConvert.parse(readPiecedOctets(content), SafeContents)]
    .filter(({ bagId }) => bagId === bagTypes.shroudedKey)
    .flatMap(({ bagValue }) =>
      derivationsFor(AsnConvert.parse(bagValue, EncryptedPrivateKeyInfo).encryptionAlgorithm),
    )
}

function readSafe(info: ArrayBuffer, attempt: Attempt): void {
  const { contentType, content } = AsnConvert.parse(info, ContentInfo)
  if (contentType === contentTypes.data) {
    return readBags(AsnConvert.parse(readPiecedOctets(content), SafeContents), attempt, 1)
  }
  if (contentType !== contentTypes.encryptedData) throw new UnknownEncryption(contentType)
  const { contentEncryptionAlgorithm, encryptedContent } = AsnConvert.parse(
    content,
    EncryptedData,
  ).encryptedContentInfo
  const encrypted = readPiecedOctets(encryptedContent)
  using bags = decryptWithPassphrase(
    contentEncryptionAlgorithm,
    encrypted,
    attempt.passphrase,
    attempt.budget,
  )
  if (!bags) throw new WrongPassphrase()
  readBags(parseDecrypted(bags.bytes), attempt, 1)
}

/** Content that does not parse means a wrong passphrase, with padding that is right by chance. */
function parseDecrypted(bags: Buffer): SafeContents {
  try {
    return AsnConvert.parse(bags, SafeContents)
  } catch {
    throw new WrongPassphrase()
  }
}

function readBags(bags: SafeContents, attempt: Attempt, depth: number): void {
  if (depth > deepestSafe) throw new UnknownEncryption('too many layers')
  for (const bag of bags) {
    const { found, problems } = attempt.reading
    if (found.length + problems.length >= limits.pieces) return
    if (bag.bagId === bagTypes.safeContents) {
      readBags(AsnConvert.parse(bag.bagValue, SafeContents), attempt, depth + 1)
      continue
    }
    const place = { ...attempt.place, block: found.length + problems.length + 1 }
    readBag(bag, place, attempt)
  }
}

function readBag(bag: SafeBag, place: Place, attempt: Attempt): void {
  const { reading } = attempt
  using _bag = new SecretBytes(new Uint8Array(bag.bagValue))
  try {
    orWait(attempt, () => {
      const piece = pieceOf(bag, place, attempt)
      if (piece) reading.found.push(piece)
    })
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    if (error.code === 'key.wrong_passphrase') throw new WrongPassphrase()
    reading.problems.push(error)
  }
}

function orWait(attempt: Attempt, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof NotYet)) throw error
    attempt.waits = true
  }
}

/** Returns undefined for other bags (secrets of Java's keytool). */
function pieceOf(bag: SafeBag, place: Place, attempt: Attempt): Found | undefined {
  switch (bag.bagId) {
    case bagTypes.key:
      return keyPiece(readPrivateKey(new Uint8Array(bag.bagValue), 'PRIVATE KEY', place), place, 'pkcs12')
    case bagTypes.shroudedKey: {
      const info = readEncryptedPkcs8(new Uint8Array(bag.bagValue))
      if (!info)
        throw new EdgekeepError('key.malformed', { place, reason: 'it is not a complete encrypted key' })
      return keyPiece(unlockPkcs8(info, attempt.passphrase, place, attempt.budget), place, 'pkcs12')
    }
    case bagTypes.certificate:
      return certificatePiece(octetsOf(bag), place, 'pkcs12')
    case bagTypes.revocationList:
      return sniffRevocationList(octetsOf(bag), place, 'pkcs12')
    default:
      return undefined
  }
}

function octetsOf(bag: SafeBag): Buffer {
  return readPiecedOctets(AsnConvert.parse(bag.bagValue, TypedOctets).value)
}
