import { createHmac, timingSafeEqual } from 'node:crypto'
import { AsnConvert } from '@peculiar/asn1-schema'
import { deriveKey, UnknownEncryption } from './password-encryption.ts'
import { Pbkdf2Parameters, TwoStepParameters } from './password-schemas.ts'
import { derivePkcs12Key, pkcs12Password, pkcs12Purpose } from './pkcs12-key.ts'
import type { MacData } from './pkcs12-schemas.ts'
import type { WorkBudget } from './work-budget.ts'

const digests: Record<string, { name: string; bytes: number }> = {
  '1.3.14.3.2.26': { name: 'sha1', bytes: 20 },
  '2.16.840.1.101.3.4.2.4': { name: 'sha224', bytes: 28 },
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', bytes: 32 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', bytes: 48 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', bytes: 64 },
}
/** HMACs of PBMAC1 by OID. */
const hmacs: Record<string, string> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
}
const idPbmac1 = '1.2.840.113549.1.5.14'
const longestMacKey = 64

/**
 * Whether the archive's MAC is made with this passphrase (RFC 7292, section 4; RFC 9579).
 * @throws UnknownEncryption, TooCostly
 */
export function macHolds(
  { mac, macSalt, iterations }: MacData,
  content: Uint8Array,
  passphrase: string | undefined,
  budget: WorkBudget,
): boolean {
  const { algorithm, parameters } = mac.digestAlgorithm
  const expected = new Uint8Array(mac.digest.buffer)
  if (algorithm === idPbmac1) return pbmac1Holds(parameters, expected, content, passphrase, budget)
  const digest = digests[algorithm]
  if (!digest) throw new UnknownEncryption(algorithm)
  const from = {
    digest: digest.name,
    password: pkcs12Password(passphrase),
    salt: new Uint8Array(macSalt.buffer),
    rounds: Number(iterations),
  }
  const key = derivePkcs12Key(from, pkcs12Purpose.mac, digest.bytes, budget)
  return isHmac(digest.name, key, content, expected)
}

function pbmac1Holds(
  parameters: ArrayBuffer | null | undefined,
  expected: Uint8Array,
  content: Uint8Array,
  passphrase: string | undefined,
  budget: WorkBudget,
): boolean {
  if (!parameters) throw new UnknownEncryption(idPbmac1)
  const { derivation, scheme } = AsnConvert.parse(parameters, TwoStepParameters)
  const digest = hmacs[scheme.algorithm]
  if (!digest || !derivation.parameters) throw new UnknownEncryption(scheme.algorithm)
  // RFC 9579, section 4: the length of the key has to be given, and it is no more than a digest.
  const keyBytes = Number(AsnConvert.parse(derivation.parameters, Pbkdf2Parameters).keyLength)
  if (!(keyBytes >= 1 && keyBytes <= longestMacKey)) throw new UnknownEncryption(idPbmac1)
  const key = deriveKey(derivation, passphrase ?? '', keyBytes, budget)
  return isHmac(digest, key, content, expected)
}

function isHmac(digest: string, key: Buffer, content: Uint8Array, expected: Uint8Array): boolean {
  const made = createHmac(digest, key).update(content).digest()
  key.fill(0)
  return made.length === expected.length && timingSafeEqual(made, expected)
}
