import { SecretBytes } from '../../domain/secret-bytes.ts'
import { createCipheriv, createHash, createHmac, createPrivateKey, randomBytes } from 'node:crypto'
import { AsnConvert, AsnProp, AsnPropTypes, OctetString } from '@peculiar/asn1-schema'
import { deriveElsewhere } from './derive-elsewhere.ts'
import { type Derivation, deriveNow, pkcs12Password, pkcs12Purpose } from './key-derivation.ts'
import {
  AlgorithmIdentifier,
  EncryptedPrivateKeyInfo,
  Pbkdf2Parameters,
  TwoStepParameters,
} from './password-schemas.ts'
import {
  AuthenticatedSafe,
  ContentInfo,
  DigestInfo,
  MacData,
  Pfx,
  SafeBag,
  SafeContents,
  TypedOctets,
} from './pkcs12-schemas.ts'

const ids = {
  data: '1.2.840.113549.1.7.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
  hmacSha256: '1.2.840.113549.2.9',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
} as const

/**
 * Same count for key and MAC, because a guesser attacks the cheaper of the two. OWASP's number for PBKDF2
 * with SHA-256.
 */
const rounds = 600_000
/** A trusted root of .NET has a MAC of the empty passphrase, which protects nothing. */
const roundsWithoutSecret = 2048
const saltBytes = 16
const aesKeyBytes = 32
const aesBlockBytes = 16

/** Attribute ::= SEQUENCE { attrId, attrValues SET } (RFC 2985, section 5.5.2 for localKeyId). */
class Attribute {
  type = ''
  values: OctetString[] = []
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(Attribute.prototype, 'type')
AsnProp({ type: OctetString, repeated: 'set' })(Attribute.prototype, 'values')

/**
 * Returns a PKCS#12 archive (RFC 7292) in DER: the key under PBES2 with AES-256, the chain, and a SHA-256 MAC over
 * both. The certificates are not secret and are stored in the clear, under the MAC. `keyPem` is PKCS#8; `chain` is
 * leaf first, and the leaf carries the key's localKeyId.
 *
 * The MAC is that of RFC 7292, appendix B, because Java 17 does not read PBMAC1 (RFC 9579). Keys are derived off this
 * thread.
 */
export async function toPkcs12(o: {
  chain: Uint8Array[]
  keyPem: Buffer
  passphrase: string
}): Promise<Uint8Array> {
  const [leaf, ...intermediates] = o.chain
  if (!leaf) throw new TypeError('An archive has at least its leaf')
  const keyId = createHash('sha1').update(leaf).digest()
  const content = contentOf([
    bagOf(ids.shroudedKeyBag, await encryptedKey(o.keyPem, o.passphrase), keyId),
    certificateBag(leaf, keyId),
    ...intermediates.map((der) => certificateBag(der)),
  ])
  const salt = randomBytes(saltBytes)
  using macKey = await derived(macDerivation(o.passphrase, salt, rounds))
  return archiveOf(content, salt, rounds, macKey.bytes)
}

/**
 * An archive of one certificate without a key, with a MAC of the empty passphrase, as .NET stores a trusted
 * root.
 */
export function toCertificateArchive(certificate: Uint8Array): Uint8Array {
  const salt = randomBytes(saltBytes)
  // The passphrase is empty: the MAC key is no secret.
  const macKey = deriveNow(macDerivation('', salt, roundsWithoutSecret))
  return archiveOf(contentOf([certificateBag(certificate)]), salt, roundsWithoutSecret, macKey)
}

function contentOf(bags: SafeBag[]): ArrayBuffer {
  const safe = dataOf(AsnConvert.serialize(new SafeContents(bags)))
  return AsnConvert.serialize(new AuthenticatedSafe([AsnConvert.serialize(safe)]))
}

function archiveOf(content: ArrayBuffer, salt: Buffer, iterations: number, macKey: Buffer): Uint8Array {
  const pfx = new Pfx()
  pfx.authSafe = dataOf(content)
  pfx.macData = new MacData()
  pfx.macData.mac = macOf(new Uint8Array(content), macKey)
  pfx.macData.macSalt = octets(salt)
  pfx.macData.iterations = iterations
  return new Uint8Array(AsnConvert.serialize(pfx))
}

async function derived(derivation: Extract<Derivation, { password: Buffer }>): Promise<SecretBytes> {
  using _password = new SecretBytes(derivation.password)
  return new SecretBytes(await deriveElsewhere(derivation))
}

function dataOf(bytes: ArrayBuffer): ContentInfo {
  const info = new ContentInfo()
  info.contentType = ids.data
  info.content = octets(new Uint8Array(bytes))
  return info
}

/**
 * EncryptedPrivateKeyInfo with PBES2 (RFC 8018, section 6.2). Node's own export derives with 2,048 rounds.
 */
async function encryptedKey(keyPem: Buffer, passphrase: string): Promise<ArrayBuffer> {
  const [salt, iv] = [randomBytes(saltBytes), randomBytes(aesBlockBytes)]
  const password = Buffer.from(passphrase)
  const from = { digest: 'sha256', password, salt, rounds, length: aesKeyBytes }
  using key = await derived({ kind: 'pbkdf2', ...from })
  using pkcs8 = new SecretBytes(createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' }))
  const cipher = createCipheriv('aes-256-cbc', key.bytes, iv)
  const info = new EncryptedPrivateKeyInfo()
  info.encryptedData = new OctetString(Buffer.concat([cipher.update(pkcs8.bytes), cipher.final()]))
  info.encryptionAlgorithm = pbes2(salt, iv)
  return AsnConvert.serialize(info)
}

function pbes2(salt: Buffer, iv: Buffer): AlgorithmIdentifier {
  const derivation = new Pbkdf2Parameters()
  derivation.salt = new OctetString(salt)
  derivation.iterationCount = rounds
  derivation.prf = algorithm(ids.hmacSha256, null)
  const parameters = new TwoStepParameters()
  parameters.derivation = algorithm(ids.pbkdf2, AsnConvert.serialize(derivation))
  parameters.scheme = algorithm(ids.aes256Cbc, octets(iv))
  return algorithm(ids.pbes2, AsnConvert.serialize(parameters))
}

function algorithm(id: string, parameters: ArrayBuffer | null): AlgorithmIdentifier {
  const identifier = new AlgorithmIdentifier()
  identifier.algorithm = id
  identifier.parameters = parameters
  return identifier
}

function certificateBag(der: Uint8Array, keyId?: Buffer): SafeBag {
  const certificate = new TypedOctets()
  certificate.type = ids.x509Certificate
  certificate.value = octets(der)
  return bagOf(ids.certificateBag, AsnConvert.serialize(certificate), keyId)
}

function bagOf(bagId: string, bagValue: ArrayBuffer, keyId?: Buffer): SafeBag {
  const bag = new SafeBag()
  bag.bagId = bagId
  bag.bagValue = bagValue
  if (keyId) bag.bagAttributes = [localKeyId(keyId)]
  return bag
}

function localKeyId(keyId: Buffer): ArrayBuffer {
  const attribute = new Attribute()
  attribute.type = ids.localKeyId
  attribute.values = [new OctetString(arrayBuffer(keyId))]
  return AsnConvert.serialize(attribute)
}

/** RFC 7292, appendix B. */
function macDerivation(passphrase: string, salt: Buffer, iterations: number) {
  const from = { digest: 'sha256', password: pkcs12Password(passphrase), salt, rounds: iterations }
  return { kind: 'pkcs12' as const, ...from, purpose: pkcs12Purpose.mac, length: 32 }
}

/** RFC 7292, section 4: HMAC over the authenticated safe. */
function macOf(content: Uint8Array, key: Buffer): ArrayBuffer {
  const mac = new DigestInfo()
  mac.digestAlgorithm = algorithm(ids.sha256, null)
  mac.digest = octets(createHmac('sha256', key).update(content).digest())
  return AsnConvert.serialize(mac)
}

function octets(bytes: Uint8Array): ArrayBuffer {
  return AsnConvert.serialize(new OctetString(arrayBuffer(bytes)))
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
