import { SecretBytes } from '../../domain/secret-bytes.ts'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { type Derivation, pkcs12Password, pkcs12Purpose } from './key-derivation.ts'
import { type AlgorithmIdentifier, Pbkdf2Parameters, TwoStepParameters } from './password-schemas.ts'
import { derivationOf, hmacDigests } from './password-encryption.ts'
import { DigestInfo, type MacData } from './pkcs12-schemas.ts'
import { UnknownEncryption } from './unknown-encryption.ts'
import type { WorkBudget } from '../work-budget.ts'

const idPbmac1 = '1.2.840.113549.1.5.14'
/** Digests by OID, with their output length. */
const digests: ReadonlyMap<string, { digest: string; length: number }> = new Map([
  ['1.2.840.113549.2.5', { digest: 'md5', length: 16 }],
  ['1.3.14.3.2.26', { digest: 'sha1', length: 20 }],
  ['2.16.840.1.101.3.4.2.4', { digest: 'sha224', length: 28 }],
  ['2.16.840.1.101.3.4.2.1', { digest: 'sha256', length: 32 }],
  ['2.16.840.1.101.3.4.2.2', { digest: 'sha384', length: 48 }],
  ['2.16.840.1.101.3.4.2.3', { digest: 'sha512', length: 64 }],
])
/**
 * Verifies the archive's MAC over `content` with a passphrase (RFC 7292, section 4; RFC 9579).
 * @throws UnknownEncryption, TooCostly, NotYet
 */
export function macHolds(
  content: Uint8Array,
  mac: MacData,
  passphrase: string | undefined,
  budget: WorkBudget,
): boolean {
  const { digest, derivation, expected } = macMethod(mac, passphrase)
  const [key] = budget.derive(derivation)
  using secret = new SecretBytes(key as Buffer)
  const made = createHmac(digest, secret.bytes).update(content).digest()
  return made.length === expected.length && timingSafeEqual(made, expected)
}

/** @throws UnknownEncryption */
export function macMethod(
  { mac, macSalt, iterations }: MacData,
  passphrase: string | undefined,
): { digest: string; derivation: Derivation; expected: Buffer } {
  const { digestAlgorithm, digest } = AsnConvert.parse(mac, DigestInfo)
  const expected = octets(digest)
  if (digestAlgorithm.algorithm === idPbmac1)
    return { ...pbmac1(digestAlgorithm, passphrase ?? ''), expected }
  const known = digests.get(digestAlgorithm.algorithm)
  if (!known) throw new UnknownEncryption(digestAlgorithm.algorithm)
  const derivation: Derivation = {
    kind: 'pkcs12',
    ...known,
    password: pkcs12Password(passphrase),
    salt: octets(macSalt),
    rounds: Number(iterations),
    purpose: pkcs12Purpose.mac,
  }
  return { digest: known.digest, derivation, expected }
}

function pbmac1({ parameters }: AlgorithmIdentifier, passphrase: string) {
  if (!parameters) throw new UnknownEncryption(idPbmac1)
  const { derivation, scheme } = AsnConvert.parse(parameters, TwoStepParameters)
  const digest = hmacDigests.get(scheme.algorithm)
  if (!digest) throw new UnknownEncryption(scheme.algorithm)
  const length = keyLengthIn(derivation)
  return { digest, derivation: derivationOf(derivation, passphrase, length) }
}

/** RFC 9579, section 5: the length is mandatory. */
function keyLengthIn(derivation: AlgorithmIdentifier): number {
  const { keyLength } = AsnConvert.parse(derivation.parameters ?? new ArrayBuffer(0), Pbkdf2Parameters)
  const length = Number(keyLength)
  if (!Number.isInteger(length) || length < 1 || length > 64) throw new UnknownEncryption(idPbmac1)
  return length
}

function octets(bytes: ArrayBuffer): Buffer {
  return Buffer.from(AsnConvert.parse(bytes, OctetString).buffer)
}
