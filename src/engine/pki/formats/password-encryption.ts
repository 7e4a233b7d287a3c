import { createDecipheriv, createHash, pbkdf2Sync, scryptSync } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { limits } from '../limits.ts'
import {
  type AlgorithmIdentifier,
  PbeParameters,
  Pbkdf2Parameters,
  ScryptParameters,
  TwoStepParameters,
} from './password-schemas.ts'
import { derivePkcs12Key, pkcs12Password, pkcs12Purpose } from './pkcs12-key.ts'
import { decryptRc2Cbc } from './rc2.ts'
import { inside, readCount, readOne, tags } from '../asn1/der.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Thrown where the method is none that can be undone here; the caller adds the place. */
export class UnknownEncryption extends Error {
  override name = 'UnknownEncryption'
}

/** Digests by the OID of their HMAC as a PBKDF2 PRF (RFC 8018, appendix B.1.2), and what a round costs. */
const prfs = new Map<string, { digest: string; cost: number }>(
  Object.entries({
    '1.2.840.113549.2.7': { digest: 'sha1', cost: 1 },
    '1.2.840.113549.2.8': { digest: 'sha224', cost: 1 },
    '1.2.840.113549.2.9': { digest: 'sha256', cost: 1 },
    '1.2.840.113549.2.10': { digest: 'sha384', cost: 3 },
    '1.2.840.113549.2.11': { digest: 'sha512', cost: 3 },
  }),
)
const hmacSha1 = '1.2.840.113549.2.7'

/** Ciphers of PBES2 by OID, with the length of their key in bytes. */
const ciphers = new Map<string, { name: string; keyBytes: number; isSingleDes?: true }>(
  Object.entries({
    '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
    '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
    '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
    '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
    '1.3.14.3.2.7': { name: 'des-cbc', keyBytes: 8, isSingleDes: true },
  }),
)

/** PBES1 with DES (RFC 8018, section 6.1), what OpenSSL wrote before 1.1: by OID, the digest. */
const desSchemes = new Map<string, string>(
  Object.entries({ '1.2.840.113549.1.5.3': 'md5', '1.2.840.113549.1.5.10': 'sha1' }),
)

/** The schemes of PKCS#12 (RFC 7292, appendix C) whose ciphers can be had: by OID, cipher and key length. */
const pkcs12Schemes = new Map<string, { cipher: 'des-ede3' | 'rc2'; keyBytes: number }>(
  Object.entries({
    '1.2.840.113549.1.12.1.3': { cipher: 'des-ede3', keyBytes: 24 },
    '1.2.840.113549.1.12.1.4': { cipher: 'des-ede3', keyBytes: 16 },
    '1.2.840.113549.1.12.1.5': { cipher: 'rc2', keyBytes: 16 },
    '1.2.840.113549.1.12.1.6': { cipher: 'rc2', keyBytes: 5 },
  }),
)

const idRc2 = '1.2.840.113549.3.2'
const rc2KeyBytes: Record<number, number> = { 160: 5, 120: 8, 58: 16 }

const idPbes2 = '1.2.840.113549.1.5.13'
const idPbkdf2 = '1.2.840.113549.1.5.12'
const idScrypt = '1.3.6.1.4.1.11591.4.11'

/**
 * Decrypts what a passphrase protects in PKCS#8 and PKCS#12; `undefined` as passphrase is none,
 * which PKCS#12 tells apart from an empty one. The answer is the caller's to zero; undefined
 * where the passphrase is wrong.
 * @throws UnknownEncryption, TooCostly
 */
export function decryptWithPassphrase(
  encryption: AlgorithmIdentifier,
  data: Uint8Array,
  passphrase: string | undefined,
  budget: WorkBudget,
): Buffer | undefined {
  const { algorithm, parameters } = encryption
  if (!parameters) throw new UnknownEncryption(algorithm)
  if (algorithm === idPbes2) return decryptPbes2(parameters, data, passphrase ?? '', budget)
  const { salt, iterations } = AsnConvert.parse(parameters, PbeParameters)
  const rounds = Number(iterations)
  const desDigest = desSchemes.get(algorithm)
  if (desDigest)
    return decryptDes({ digest: desDigest, salt: salt.buffer, rounds }, data, passphrase ?? '', budget)
  const scheme = pkcs12Schemes.get(algorithm)
  if (!scheme) throw new UnknownEncryption(algorithm)
  const from = {
    digest: 'sha1',
    password: pkcs12Password(passphrase),
    salt: new Uint8Array(salt.buffer),
    rounds,
  }
  const key = derivePkcs12Key(from, pkcs12Purpose.key, scheme.keyBytes, budget)
  const iv = derivePkcs12Key(from, pkcs12Purpose.iv, 8, budget)
  if (scheme.cipher === 'rc2') return decryptRc2Cbc(key, iv, data)
  const tripleKey = Buffer.concat([key, key]).subarray(0, 24)
  return decipher('des-ede3-cbc', tripleKey, iv, data)
}

function decryptPbes2(parameters: ArrayBuffer, data: Uint8Array, passphrase: string, budget: WorkBudget) {
  const { derivation, scheme } = AsnConvert.parse(parameters, TwoStepParameters)
  if (!scheme.parameters) throw new UnknownEncryption(scheme.algorithm)
  if (scheme.algorithm === idRc2) {
    const { keyBytes, iv } = rc2Parameters(scheme.parameters)
    return decryptRc2Cbc(deriveKey(derivation, passphrase, keyBytes, budget), iv, data)
  }
  const cipher = ciphers.get(scheme.algorithm)
  if (!cipher) throw new UnknownEncryption(scheme.algorithm)
  const key = deriveKey(derivation, passphrase, cipher.keyBytes, budget)
  const iv = new Uint8Array(AsnConvert.parse(scheme.parameters, OctetString).buffer)
  return cipher.isSingleDes ? decryptSingleDes(key, iv, data) : decipher(cipher.name, key, iv, data)
}

/** RFC 8018, appendix B.2.3: the version says the effective length of the key, which is its length. */
function rc2Parameters(parameters: ArrayBuffer): { keyBytes: number; iv: Uint8Array } {
  const fields = inside(readOne(new Uint8Array(parameters), tags.sequence))
  const version = readCount(fields.next(tags.integer))
  const keyBytes = rc2KeyBytes[version]
  if (!keyBytes) throw new UnknownEncryption(idRc2)
  return { keyBytes, iv: fields.next(tags.octetString).content }
}

/**
 * PBKDF2 or scrypt as an AlgorithmIdentifier says it.
 * @throws UnknownEncryption, TooCostly
 */
function deriveKey(
  { algorithm, parameters }: AlgorithmIdentifier,
  passphrase: string,
  keyBytes: number,
  budget: WorkBudget,
): Buffer {
  if (!parameters) throw new UnknownEncryption(algorithm)
  if (algorithm === idScrypt) return deriveWithScrypt(parameters, passphrase, keyBytes, budget)
  if (algorithm !== idPbkdf2) throw new UnknownEncryption(algorithm)
  const { salt, iterationCount, prf } = AsnConvert.parse(parameters, Pbkdf2Parameters)
  const digest = prfs.get(prf?.algorithm ?? hmacSha1)
  if (!digest) throw new UnknownEncryption(prf?.algorithm ?? algorithm)
  const rounds = Number(iterationCount)
  budget.spend(rounds, digest.cost)
  return pbkdf2Sync(passphrase, new Uint8Array(salt.buffer), rounds, keyBytes, digest.digest)
}

function deriveWithScrypt(parameters: ArrayBuffer, passphrase: string, keyBytes: number, budget: WorkBudget) {
  const { salt, costParameter, blockSize, parallelization } = AsnConvert.parse(parameters, ScryptParameters)
  const [cost, block, parallel] = [Number(costParameter), Number(blockSize), Number(parallelization)]
  budget.spend(cost * block * parallel, 1)
  const options = { cost, blockSize: block, parallelization: parallel, maxmem: limits.scryptBytes }
  return scryptSync(passphrase, new Uint8Array(salt.buffer), keyBytes, options)
}

/** PBKDF1 (RFC 8018, section 5.1): half of the hash is the key, half the IV. */
function decryptDes(
  from: { digest: string; salt: ArrayBuffer; rounds: number },
  data: Uint8Array,
  passphrase: string,
  budget: WorkBudget,
): Buffer | undefined {
  budget.spend(from.rounds, 8)
  let derived = createHash(from.digest).update(passphrase, 'utf8').update(new Uint8Array(from.salt)).digest()
  for (let round = 1; round < from.rounds; round++) derived = createHash(from.digest).update(derived).digest()
  return decryptSingleDes(derived.subarray(0, 8), derived.subarray(8, 16), data)
}

/** DES is triple DES with one key three times, which OpenSSL still has. */
function decryptSingleDes(key: Uint8Array, iv: Uint8Array, data: Uint8Array): Buffer | undefined {
  return decipher('des-ede3-cbc', Buffer.concat([key, key, key]), iv, data)
}

/** Decrypts and takes off the padding; undefined where that fails. `key` is zeroed. */
export function decipher(
  name: string,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Buffer | undefined {
  const parts: Buffer[] = []
  try {
    const opening = createDecipheriv(name, key, iv)
    parts.push(opening.update(data))
    parts.push(opening.final())
    return Buffer.concat(parts)
  } catch {
    // Wrong padding, or a length that is no whole number of blocks: the key is wrong, or the data.
    return undefined
  } finally {
    for (const part of parts) part.fill(0)
    key.fill(0)
  }
}
