import { SecretBytes } from '../../domain/secret-bytes.ts'
import { createHash, timingSafeEqual } from 'node:crypto'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { visibleText } from '../../contract/text/visible-text.ts'
import type { Found, Reading } from './found.ts'
import { limits } from '../limits.ts'
import type { EncryptedPrivateKeyInfo } from './password-schemas.ts'
import { certificatePiece, keyPiece } from './pieces.ts'
import { readEncryptedPkcs8, readPrivateKey, unlockPkcs8 } from './private-key.ts'
import { TooCostly, type WorkBudget } from '../work-budget.ts'

/** Forms by their first four bytes. */
const forms: ReadonlyMap<string, string> = new Map([
  ['feedfeed', 'JKS'],
  ['cececece', 'JCEKS'],
])
const entries = { key: 1, certificate: 2, secret: 3 } as const
/** Size of the digest at the end of the store. */
const digestBytes = 20
const idJks = '1.3.6.1.4.1.42.2.17.1.1'

/**
 * Reads a Java keystore (sun.security.provider.JavaKeyStore, com.sun.crypto.provider.JceKeyStore); undefined
 * if `bytes` is none. Certificates are not encrypted; each key has its own passphrase, by default of keytool
 * the store's. Reading stops at a secret key of JCEKS, which is a serialised Java object without a length.
 */
export function readJavaKeystore(bytes: Buffer, place: Place): Reading | undefined {
  const form = forms.get(bytes.subarray(0, 4).toString('hex'))
  if (!form) return undefined
  const archive: Found = { kind: 'archive', place, writtenAs: 'jks', title: `Java keystore (${form})` }
  const reading: Reading = { found: [archive], problems: [] }
  try {
    readEntries(
      createReader(bytes.subarray(4, Math.max(4, bytes.length - digestBytes))),
      form,
      place,
      reading,
    )
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    reading.problems.push(broken(form, place, error.message))
  }
  return reading
}

function broken(form: string, place: Place, reason: string): EdgekeepError {
  return new EdgekeepError('input.malformed', { place, what: `Java keystore (${form})`, reason })
}

function readEntries(read: Reader, form: string, place: Place, { found, problems }: Reading): void {
  const version = read.count()
  if (version !== 1 && version !== 2) throw new RangeError(`its version is ${version}, not 1 or 2`)
  const take = (piece: () => Found) => {
    try {
      found.push(piece())
    } catch (error) {
      if (!(error instanceof EdgekeepError)) throw error
      problems.push(error)
    }
  }
  for (let left = read.count(); left > 0; left--) {
    if (found.length + problems.length >= limits.pieces) return
    const kind = read.count()
    const alias = visibleText(read.text().slice(0, 64))
    read.skip(8)
    const here = () => ({ ...place, block: found.length + problems.length })
    if (kind === entries.secret) {
      problems.push(broken(form, place, `“${alias}” is a secret key, after which its entries cannot be read`))
      return
    }
    if (kind !== entries.key && kind !== entries.certificate)
      throw new RangeError(`it has an entry of kind ${kind}`)
    if (kind === entries.key) {
      const key = Buffer.from(read.bytes())
      const at = here()
      take(() => lockedKey(key, alias, form, at))
    }
    for (let more = kind === entries.key ? read.count() : 1; more > 0; more--) {
      if (found.length + problems.length >= limits.pieces) return
      if (version === 2) read.text()
      const der = read.bytes()
      const at = here()
      take(() => certificatePiece(der, at, 'jks'))
    }
  }
}

function lockedKey(der: Buffer, alias: string, form: string, place: Place): Found {
  const info = readEncryptedPkcs8(der)
  if (!info) throw new EdgekeepError('key.malformed', { place, reason: 'it is not a complete encrypted key' })
  const title = `Encrypted private key “${alias}” (${form})`
  const open: NonNullable<Found['locked']>['open'] = (passphrase, budget) => {
    const key =
      info.encryptionAlgorithm.algorithm === idJks
        ? openJks(info, passphrase, place, budget)
        : unlockPkcs8(info, passphrase, place, budget)
    return { found: [keyPiece(key, place, 'jks')], problems: [] }
  }
  return { kind: 'encrypted-private-key', place, writtenAs: 'jks', title, locked: { open } }
}

/**
 * Decrypts Sun's own protection (sun.security.provider.KeyProtector): the key, between a salt and a digest,
 * XORed with a SHA-1 keystream.
 */
function openJks(
  { encryptedData }: EncryptedPrivateKeyInfo,
  passphrase: string,
  place: Place,
  budget: WorkBudget,
) {
  const data = Buffer.from(encryptedData.buffer)
  expectWithin(budget, { hashes: data.length / digestBytes, bytesEach: 2 * passphrase.length }, place)
  using password = new SecretBytes(Buffer.from(passphrase, 'utf16le').swap16())
  const sha1 = (...parts: Buffer[]) =>
    createHash('sha1')
      .update(Buffer.concat([password.bytes, ...parts]))
      .digest()
  if (data.length <= 2 * digestBytes)
    throw new EdgekeepError('key.malformed', { place, reason: 'it is too short' })
  let stream = data.subarray(0, digestBytes)
  using secret = new SecretBytes(Buffer.from(data.subarray(digestBytes, -digestBytes)))
  const key = secret.bytes
  for (let at = 0; at < key.length; at++) {
    if (at % digestBytes === 0) stream = sha1(stream)
    key[at] = (key[at] as number) ^ (stream[at % digestBytes] as number)
  }
  if (!timingSafeEqual(sha1(key), data.subarray(-digestBytes)))
    throw new EdgekeepError('key.wrong_passphrase', { place })
  return readPrivateKey(key, 'PRIVATE KEY', place)
}

function expectWithin(
  budget: WorkBudget,
  { hashes, bytesEach }: { hashes: number; bytesEach: number },
  place: Place,
): void {
  try {
    budget.hash(Math.ceil(hashes), bytesEach + digestBytes)
  } catch (error) {
    if (!(error instanceof TooCostly)) throw error
    throw new EdgekeepError('key.malformed', { place, reason: error.message }, { cause: error })
  }
}

/** Java's DataInput: big-endian numbers, length-prefixed text and bytes. */
interface Reader {
  count(): number
  text(): string
  bytes(): Buffer
  skip(count: number): void
}

/** All methods throw a RangeError past the end. */
function createReader(bytes: Buffer): Reader {
  let at = 0
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new RangeError('it ends in the middle of an entry')
    at += length
    return bytes.subarray(at - length, at)
  }
  return {
    count: () => take(4).readUInt32BE(),
    text: () => take(take(2).readUInt16BE()).toString('utf8'),
    bytes: () => take(take(4).readUInt32BE()),
    skip: (count) => void take(count),
  }
}
