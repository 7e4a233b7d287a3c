import { SecretBytes, type Unwiped, wipedTogether } from '../../domain/secret-bytes.ts'
import { createDecipheriv } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { inside, readCount, readOne, tags } from '../asn1/der.ts'
import { type Derivation, pkcs12Password, pkcs12Purpose } from './key-derivation.ts'
import {
  type AlgorithmIdentifier,
  PbeParameters,
  Pbkdf2Parameters,
  ScryptParameters,
  TwoStepParameters,
} from './password-schemas.ts'
import { decryptRc4 } from './rc4.ts'
import { UnknownEncryption } from './unknown-encryption.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Digests by the OID of their HMAC (RFC 8018, appendix B.1.2): PRFs of PBKDF2, MACs of PBMAC1 (RFC 9579). */
export const hmacDigests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
])
const hmacSha1 = '1.2.840.113549.2.7'

/** A cipher: its OpenSSL name, or RC2 with the effective bits of its key, or RC4. */
export type Cipher = { name: string } | { rc2Bits: number } | { rc4: true }

/**
 * Ciphers of PBES2 by OID, with the length of their key in bytes. Single DES is triple DES with one key three
 * times.
 */
const ciphers: ReadonlyMap<string, { name: string; keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.392.200011.61.1.1.1.2', { name: 'camellia-128-cbc', keyBytes: 16 }],
  ['1.2.392.200011.61.1.1.1.3', { name: 'camellia-192-cbc', keyBytes: 24 }],
  ['1.2.392.200011.61.1.1.1.4', { name: 'camellia-256-cbc', keyBytes: 32 }],
  ['1.2.410.200046.1.1.2', { name: 'aria-128-cbc', keyBytes: 16 }],
  ['1.2.410.200046.1.1.7', { name: 'aria-192-cbc', keyBytes: 24 }],
  ['1.2.410.200046.1.1.12', { name: 'aria-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
  ['1.3.14.3.2.7', { name: 'des-cbc', keyBytes: 8 }],
])

/** PBES1 (RFC 8018, section 6.1), the format of OpenSSL before 1.1: by OID, the digest and the cipher. */
const hashedSchemes: ReadonlyMap<string, { digest: string; cipher: Cipher }> = new Map([
  ['1.2.840.113549.1.5.3', { digest: 'md5', cipher: { name: 'des-cbc' } }],
  ['1.2.840.113549.1.5.10', { digest: 'sha1', cipher: { name: 'des-cbc' } }],
  ['1.2.840.113549.1.5.6', { digest: 'md5', cipher: { rc2Bits: 64 } }],
  ['1.2.840.113549.1.5.11', { digest: 'sha1', cipher: { rc2Bits: 64 } }],
])

/** The schemes of PKCS#12 (RFC 7292, appendix C): by OID, cipher and key length. */
const pkcs12Schemes: ReadonlyMap<string, { cipher: Cipher; keyBytes: number }> = new Map([
  ['1.2.840.113549.1.12.1.1', { cipher: { rc4: true }, keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.2', { cipher: { rc4: true }, keyBytes: 5 }],
  ['1.2.840.113549.1.12.1.3', { cipher: { name: 'des-ede3-cbc' }, keyBytes: 24 }],
  ['1.2.840.113549.1.12.1.4', { cipher: { name: 'des-ede-cbc' }, keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.5', { cipher: { rc2Bits: 128 }, keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.6', { cipher: { rc2Bits: 40 }, keyBytes: 5 }],
])

const idRc2 = '1.2.840.113549.3.2'
/** RFC 8018, appendix B.2.3: effective key length in bits by version. */
const rc2Bits: ReadonlyMap<number, number> = new Map([
  [160, 40],
  [120, 64],
  [58, 128],
])

const idPbes2 = '1.2.840.113549.1.5.13'
const idPbkdf2 = '1.2.840.113549.1.5.12'
const idScrypt = '1.3.6.1.4.1.11591.4.11'
/** PBE of JCEKS. Its DES key is derived as in PBKDF1, from half of the salt at a time. */
const idJceks = '1.3.6.1.4.1.42.2.19.1'

/** A decryption method: its derivations, and how to use their keys. */
interface Method {
  derivations: Derivation[]
  /** Returns undefined if the passphrase is wrong. */
  decrypt(keys: Buffer[], data: Uint8Array, budget: WorkBudget): SecretBytes | undefined
}

/**
 * Decrypts PKCS#8 and PKCS#12 content. The passphrase `undefined` is none, which PKCS#12 distinguishes from
 * an empty one. Returns undefined if the passphrase is wrong.
 * @throws UnknownEncryption, TooCostly, NotYet
 */
export function decryptWithPassphrase(
  encryption: AlgorithmIdentifier,
  data: Uint8Array,
  passphrase: Unwiped<string> | undefined,
  budget: WorkBudget,
): SecretBytes | undefined {
  const { derivations, decrypt } = methodOf(encryption, passphrase)
  const keys = budget.derive(...derivations)
  using _keys = wipedTogether(keys)
  return decrypt(keys, data, budget)
}

/** Derivations that decryption needs, for an estimate of the work. @throws UnknownEncryption */
export function derivationsFor(encryption: AlgorithmIdentifier): Derivation[] {
  return methodOf(encryption, '').derivations
}

function methodOf({ algorithm, parameters }: AlgorithmIdentifier, passphrase: string | undefined): Method {
  if (!parameters) throw new UnknownEncryption(algorithm)
  if (algorithm === idPbes2) return twoStep(parameters, passphrase ?? '')
  const hashed = hashedSchemes.get(algorithm)
  const scheme = pkcs12Schemes.get(algorithm)
  if (!hashed && !scheme && algorithm !== idJceks) throw new UnknownEncryption(algorithm)
  const { salt, iterations } = AsnConvert.parse(parameters, PbeParameters)
  const from = { salt: Buffer.from(salt.buffer), rounds: Number(iterations) }
  if (hashed) return byHash(hashed, from, passphrase ?? '')
  return scheme ? byPkcs12(scheme, from, passphrase) : byJceks(from, passphrase ?? '')
}

function twoStep(parameters: ArrayBuffer, passphrase: string): Method {
  const { derivation, scheme } = AsnConvert.parse(parameters, TwoStepParameters)
  if (!scheme.parameters) throw new UnknownEncryption(scheme.algorithm)
  const { cipher, keyBytes, iv } = cipherOf(scheme.algorithm, scheme.parameters)
  return {
    derivations: [derivationOf(derivation, passphrase, keyBytes)],
    decrypt: ([key], data, budget) => decryptBy(cipher, key as Buffer, iv, data, budget),
  }
}

function cipherOf(
  algorithm: string,
  parameters: ArrayBuffer,
): { cipher: Cipher; keyBytes: number; iv: Uint8Array } {
  if (algorithm === idRc2) {
    const fields = inside(readOne(new Uint8Array(parameters), tags.sequence))
    const bits = rc2Bits.get(readCount(fields.next(tags.integer)))
    if (!bits) throw new UnknownEncryption(idRc2)
    return { cipher: { rc2Bits: bits }, keyBytes: bits / 8, iv: fields.next(tags.octetString).content }
  }
  const cipher = ciphers.get(algorithm)
  if (!cipher) throw new UnknownEncryption(algorithm)
  const iv = new Uint8Array(AsnConvert.parse(parameters, OctetString).buffer)
  return { cipher, keyBytes: cipher.keyBytes, iv }
}

/**
 * Reads PBKDF2 or scrypt parameters from an AlgorithmIdentifier.
 * @throws UnknownEncryption
 */
export function derivationOf(
  { algorithm, parameters }: AlgorithmIdentifier,
  passphrase: string,
  length: number,
): Derivation {
  if (!parameters || (algorithm !== idScrypt && algorithm !== idPbkdf2))
    throw new UnknownEncryption(algorithm)
  const password = Buffer.from(passphrase, 'utf8')
  if (algorithm === idScrypt) {
    const { salt, costParameter, blockSize, parallelization } = AsnConvert.parse(parameters, ScryptParameters)
    const [cost, block, parallel] = [Number(costParameter), Number(blockSize), Number(parallelization)]
    return { kind: 'scrypt', password, salt: Buffer.from(salt.buffer), cost, block, parallel, length }
  }
  const { salt, iterationCount, prf } = AsnConvert.parse(parameters, Pbkdf2Parameters)
  const digest = hmacDigests.get(prf?.algorithm ?? hmacSha1)
  if (!digest) throw new UnknownEncryption(prf?.algorithm ?? algorithm)
  return {
    kind: 'pbkdf2',
    digest,
    password,
    salt: Buffer.from(salt.buffer),
    rounds: Number(iterationCount),
    length,
  }
}

interface SaltAndRounds {
  salt: Buffer
  rounds: number
}

/** PBKDF1 (RFC 8018, section 5.1): half of the hash is the key, half the IV. */
function byHash(
  { digest, cipher }: { digest: string; cipher: Cipher },
  { salt, rounds }: SaltAndRounds,
  passphrase: string,
): Method {
  const start = Buffer.concat([Buffer.from(passphrase, 'utf8'), salt])
  return {
    derivations: [{ kind: 'chain', digest, start, suffix: Buffer.alloc(0), rounds }],
    decrypt: ([derived], data, budget) =>
      decryptBy(
        cipher,
        (derived as Buffer).subarray(0, 8),
        (derived as Buffer).subarray(8, 16),
        data,
        budget,
      ),
  }
}

function byPkcs12(
  { cipher, keyBytes }: { cipher: Cipher; keyBytes: number },
  { salt, rounds }: SaltAndRounds,
  passphrase: string | undefined,
): Method {
  const from = { kind: 'pkcs12', digest: 'sha1', password: pkcs12Password(passphrase), salt, rounds } as const
  const key: Derivation = { ...from, purpose: pkcs12Purpose.key, length: keyBytes }
  const iv: Derivation = { ...from, purpose: pkcs12Purpose.iv, length: 8 }
  return {
    derivations: 'rc4' in cipher ? [key] : [key, iv],
    decrypt: ([derived, start], data, budget) =>
      decryptBy(cipher, derived as Buffer, start ?? Buffer.alloc(0), data, budget),
  }
}

/**
 * Java's PBEWithMD5AndTripleDES (com.sun.crypto.provider.PBES1Core): each half of the salt is hashed with the
 * passphrase for `rounds` rounds, and both results together are key and IV.
 */
function byJceks({ salt, rounds }: SaltAndRounds, passphrase: string): Method {
  const suffix = Buffer.from(passphrase, 'latin1')
  return {
    derivations: [salt.subarray(0, 4), salt.subarray(4, 8)].map((half) => ({
      kind: 'chain',
      digest: 'md5',
      start: Buffer.concat([half, suffix]),
      suffix,
      rounds,
    })),
    decrypt: (keys, data, budget) => {
      const derived = Buffer.concat(keys)
      return decryptBy({ name: 'des-ede3-cbc' }, derived.subarray(0, 24), derived.subarray(24), data, budget)
    },
  }
}

/** Decrypts and removes the padding; undefined if that fails. Wipes `key`. */
export function decryptBy(
  cipher: Cipher,
  key: Buffer,
  iv: Uint8Array,
  data: Uint8Array,
  budget: WorkBudget,
): SecretBytes | undefined {
  using _key = new SecretBytes(key)
  const opened = decryptedBy(cipher, key, iv, data, budget)
  return opened && new SecretBytes(opened)
}

function decryptedBy(
  cipher: Cipher,
  key: Buffer,
  iv: Uint8Array,
  data: Uint8Array,
  budget: WorkBudget,
): Buffer | undefined {
  if ('rc4' in cipher) return decryptRc4(key, data)
  if (!('rc2Bits' in cipher)) return decipher(cipher.name, key, iv, data)
  // In JavaScript, a byte costs about as much as a hash.
  budget.hash(data.length, 1)
  return budget.rc2()(key, cipher.rc2Bits, iv, data)
}

function decipher(name: string, key: Buffer, iv: Uint8Array, data: Uint8Array): Buffer | undefined {
  const [usable, whole] = usableCipher(name, key)
  const parts: Buffer[] = []
  using _key = new SecretBytes(whole)
  using _parts = wipedTogether(parts)
  try {
    const opening = createDecipheriv(usable, whole, iv)
    parts.push(opening.update(data))
    parts.push(opening.final())
    return Buffer.concat(parts)
  } catch {
    // Wrong padding, or not a whole number of blocks: the key or the data is wrong.
    return undefined
  }
}

/**
 * OpenSSL 3 has triple DES only. Single DES is one key three times; two-key triple DES repeats the first at
 * the end.
 */
function usableCipher(name: string, key: Buffer): [name: string, key: Buffer] {
  if (name === 'des-cbc') return ['des-ede3-cbc', Buffer.concat([key, key, key])]
  if (name === 'des-ede-cbc') return ['des-ede3-cbc', Buffer.concat([key, key.subarray(0, 8)])]
  return [name, key]
}
