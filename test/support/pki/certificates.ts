import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { isIP } from 'node:net'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import * as asn from '@peculiar/asn1-x509'

/** `rsa` is 2048 bits, `ec` is P-256. */
export type TestKeyType = 'ec' | 'p384' | 'p521' | 'rsa' | 'rsa3072' | 'ed25519'

export interface TestAuthority {
  certificatePem: string
  certificateDer: Uint8Array
  commonName: string
  publicKey: KeyObject
  privateKey: KeyObject
}

export interface TestLeaf {
  /** Leaf first, then the intermediates, no root. */
  chainPem: string
  leafPem: string
  /** PKCS#8 PEM. */
  keyPem: string
  fingerprintSha256: string
}

export interface LeafOptions {
  /** DNS names or IP addresses. */
  names: string[]
  key?: TestKeyType
  commonName?: string
  notBefore?: Date
  notAfter?: Date
  /** Extended key usages, by OID; serverAuth if absent. */
  purposes?: string[]
  responder?: string
  /** Issued as an authority's certificate. */
  isAuthority?: boolean
  mustStaple?: boolean
}

export const clientPurpose: string = asn.id_kp_clientAuth
export const ocspPurpose: string = asn.id_kp_OCSPSigning

const dayMs = 24 * 60 * 60 * 1000

export function createTestAuthority(
  options: { commonName?: string; key?: TestKeyType; issuer?: TestAuthority } = {},
): TestAuthority {
  const { publicKey, privateKey } = generateKeys(options.key ?? 'ec')
  const commonName = options.commonName ?? 'Edgekeep test authority'
  const certificateDer = signCertificate({
    subject: commonName,
    publicKey,
    issuer: options.issuer ?? { commonName, publicKey, privateKey },
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 365 * dayMs),
    extensions: [
      extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: true })),
      extension(
        asn.id_ce_keyUsage,
        true,
        new asn.KeyUsage(asn.KeyUsageFlags.keyCertSign | asn.KeyUsageFlags.cRLSign),
      ),
    ],
  })
  return { certificatePem: pem(certificateDer), certificateDer, commonName, publicKey, privateKey }
}

/** A server leaf for `names`; `through` are the intermediates between it and its root, issuer first. */
export function issueTestLeaf(
  issuer: TestAuthority,
  options: LeafOptions,
  through: TestAuthority[] = [],
): TestLeaf {
  const { publicKey, privateKey } = generateKeys(options.key ?? 'ec')
  const isAuthority = options.isAuthority ?? false
  const usage = isAuthority ? asn.KeyUsageFlags.keyCertSign : 0
  const names = new asn.SubjectAlternativeName(options.names.map(generalName))
  const leafPem = pem(
    signCertificate({
      subject: options.commonName ?? options.names[0] ?? 'leaf',
      publicKey,
      issuer,
      notBefore: options.notBefore ?? new Date(Date.now() - dayMs),
      notAfter: options.notAfter ?? new Date(Date.now() + 90 * dayMs),
      extensions: [
        extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: isAuthority })),
        extension(asn.id_ce_keyUsage, true, new asn.KeyUsage(asn.KeyUsageFlags.digitalSignature | usage)),
        extension(
          asn.id_ce_extKeyUsage,
          false,
          new asn.ExtendedKeyUsage(options.purposes ?? [asn.id_kp_serverAuth]),
        ),
        extension(asn.id_ce_subjectAltName, false, names),
        ...(options.responder === undefined ? [] : [authorityAccess(options.responder)]),
        ...(options.mustStaple ? [staplingDemand()] : []),
      ],
    }),
  )
  return {
    leafPem,
    chainPem: [leafPem, ...through.map((authority) => authority.certificatePem)].join(''),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprintSha256: new X509Certificate(leafPem).fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

function generateKeys(type: TestKeyType): { publicKey: KeyObject; privateKey: KeyObject } {
  switch (type) {
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'p384':
      return generateKeyPairSync('ec', { namedCurve: 'P-384' })
    case 'p521':
      return generateKeyPairSync('ec', { namedCurve: 'P-521' })
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'rsa3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 })
    case 'ed25519':
      return generateKeyPairSync('ed25519')
  }
}

interface Unsigned {
  subject: string
  publicKey: KeyObject
  issuer: { commonName: string; publicKey: KeyObject; privateKey: KeyObject }
  notBefore: Date
  notAfter: Date
  extensions: asn.Extension[]
}

function signCertificate(unsigned: Unsigned): Uint8Array {
  const signature = signatureAlgorithm(unsigned.issuer.privateKey)
  const tbsCertificate = new asn.TBSCertificate({
    version: asn.Version.v3,
    serialNumber: positiveSerial(),
    signature,
    issuer: commonNameOf(unsigned.issuer.commonName),
    subject: commonNameOf(unsigned.subject),
    validity: new asn.Validity({ notBefore: unsigned.notBefore, notAfter: unsigned.notAfter }),
    subjectPublicKeyInfo: AsnConvert.parse(spki(unsigned.publicKey), asn.SubjectPublicKeyInfo),
    extensions: new asn.Extensions([
      ...unsigned.extensions,
      extension(
        asn.id_ce_subjectKeyIdentifier,
        false,
        new asn.SubjectKeyIdentifier(keyIdentifier(unsigned.publicKey)),
      ),
      extension(
        asn.id_ce_authorityKeyIdentifier,
        false,
        new asn.AuthorityKeyIdentifier({
          keyIdentifier: new asn.KeyIdentifier(keyIdentifier(unsigned.issuer.publicKey)),
        }),
      ),
    ]),
  })
  const signed = sign(
    digestFor(unsigned.issuer.privateKey),
    Buffer.from(AsnConvert.serialize(tbsCertificate)),
    unsigned.issuer.privateKey,
  )
  return new Uint8Array(
    AsnConvert.serialize(
      new asn.Certificate({
        tbsCertificate,
        signatureAlgorithm: signature,
        signatureValue: toArrayBuffer(signed),
      }),
    ),
  )
}

function signatureAlgorithm(key: KeyObject): asn.AlgorithmIdentifier {
  if (key.asymmetricKeyType === 'rsa') {
    return new asn.AlgorithmIdentifier({ algorithm: '1.2.840.113549.1.1.11', parameters: null })
  }
  return new asn.AlgorithmIdentifier({
    algorithm: key.asymmetricKeyType === 'ec' ? '1.2.840.10045.4.3.2' : '1.3.101.112',
  })
}

/** Ed25519 hashes by itself. */
function digestFor(key: KeyObject): string | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
}

function extension(extnID: string, critical: boolean, value: object): asn.Extension {
  return new asn.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })
}

/** TLS feature with status_request (RFC 7633): SEQUENCE { INTEGER 5 }. */
function staplingDemand(): asn.Extension {
  const extnValue = new OctetString(new Uint8Array([0x30, 3, 2, 1, 5]))
  return new asn.Extension({ extnID: '1.3.6.1.5.5.7.1.24', critical: false, extnValue })
}

function authorityAccess(responder: string): asn.Extension {
  const accessLocation = new asn.GeneralName({ uniformResourceIdentifier: responder })
  const access = new asn.AccessDescription({ accessMethod: asn.id_ad_ocsp, accessLocation })
  return extension(asn.id_pe_authorityInfoAccess, false, new asn.AuthorityInfoAccessSyntax([access]))
}

function commonNameOf(value: string): asn.Name {
  return new asn.Name([
    new asn.RelativeDistinguishedName([
      new asn.AttributeTypeAndValue({
        type: '2.5.4.3',
        value: new asn.AttributeValue({ utf8String: value }),
      }),
    ]),
  ])
}

function generalName(name: string): asn.GeneralName {
  return isIP(name) ? new asn.GeneralName({ iPAddress: name }) : new asn.GeneralName({ dNSName: name })
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

function keyIdentifier(key: KeyObject): ArrayBuffer {
  return toArrayBuffer(createHash('sha1').update(spki(key)).digest())
}

function positiveSerial(): ArrayBuffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return toArrayBuffer(bytes)
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
