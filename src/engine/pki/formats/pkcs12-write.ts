import { createHash, createHmac, createPrivateKey, randomBytes } from 'node:crypto'
import { AsnConvert, AsnProp, AsnPropTypes, OctetString } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from './password-schemas.ts'
import { deriveNow } from './key-derivation.ts'
import { pkcs12Password, pkcs12Purpose } from './pkcs12-password.ts'
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
} as const

/** What OpenSSL 3 writes and asks for by default; Windows since 2019 and Java since 8u301 read it. */
const macRounds = 2048
const saltBytes = 16

/** Attribute ::= SEQUENCE { attrId, attrValues SET } (RFC 2985, section 5.5.2 for localKeyId). */
class Attribute {
  type = ''
  values: OctetString[] = []
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(Attribute.prototype, 'type')
AsnProp({ type: OctetString, repeated: 'set' })(Attribute.prototype, 'values')

/**
 * A PKCS#12 archive (RFC 7292) in DER: the key under PBES2 with AES-256, the chain, and a
 * SHA-256 MAC over both. The certificates are not secret and lie in it in the clear, under the
 * MAC. `keyPem` is PKCS#8; `chain` is leaf first, and the leaf carries the key's localKeyId.
 */
export function toPkcs12(o: { chain: Uint8Array[]; keyPem: Buffer; passphrase: string }): Uint8Array {
  const [leaf, ...intermediates] = o.chain
  if (!leaf) throw new TypeError('An archive has at least its leaf')
  const keyId = createHash('sha1').update(leaf).digest()
  const bags = [
    keyBag(o.keyPem, o.passphrase, keyId),
    certificateBag(leaf, keyId),
    ...intermediates.map((der) => certificateBag(der)),
  ]
  return archiveOf(bags, o.passphrase)
}

/** An archive of one certificate and no key, under a MAC of the empty passphrase, as .NET keeps a trusted root. */
export function toCertificateArchive(certificate: Uint8Array): Uint8Array {
  return archiveOf([certificateBag(certificate)], '')
}

function archiveOf(bags: SafeBag[], passphrase: string): Uint8Array {
  const safes = new AuthenticatedSafe([
    AsnConvert.serialize(dataOf(AsnConvert.serialize(new SafeContents(bags)))),
  ])
  const content = AsnConvert.serialize(safes)
  const pfx = new Pfx()
  pfx.authSafe = dataOf(content)
  pfx.macData = macOf(new Uint8Array(content), passphrase)
  return new Uint8Array(AsnConvert.serialize(pfx))
}

function dataOf(bytes: ArrayBuffer): ContentInfo {
  const info = new ContentInfo()
  info.contentType = ids.data
  info.content = octets(new Uint8Array(bytes))
  return info
}

/** Node's export is an EncryptedPrivateKeyInfo already, which is what a shrouded key bag holds. */
function keyBag(keyPem: Buffer, passphrase: string, keyId: Buffer): SafeBag {
  const shrouded = createPrivateKey(keyPem).export({
    type: 'pkcs8',
    format: 'der',
    cipher: 'aes-256-cbc',
    passphrase,
  })
  return bagOf(ids.shroudedKeyBag, arrayBuffer(shrouded), keyId)
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

/** RFC 7292, section 4: HMAC over the authenticated safe, its key derived as appendix B says. */
function macOf(content: Uint8Array, passphrase: string): MacData {
  const salt = randomBytes(saltBytes)
  const from = { digest: 'sha256', password: pkcs12Password(passphrase), salt, rounds: macRounds }
  const key = deriveNow({ kind: 'pkcs12', ...from, purpose: pkcs12Purpose.mac, length: 32 })
  const mac = new DigestInfo()
  mac.digestAlgorithm = new AlgorithmIdentifier()
  mac.digestAlgorithm.algorithm = ids.sha256
  mac.digestAlgorithm.parameters = null
  mac.digest = octets(createHmac('sha256', key).update(content).digest())
  key.fill(0)
  from.password.fill(0)
  const data = new MacData()
  data.mac = AsnConvert.serialize(mac)
  data.macSalt = octets(salt)
  data.iterations = macRounds
  return data
}

/** An OCTET STRING in DER. */
function octets(bytes: Uint8Array): ArrayBuffer {
  return AsnConvert.serialize(new OctetString(arrayBuffer(bytes)))
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
