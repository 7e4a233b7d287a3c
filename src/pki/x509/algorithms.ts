import {
  bytesEqual,
  DerError,
  explicitTag,
  inside,
  readCount,
  readObjectIdentifier,
  readOne,
  tags,
  type DerElement,
} from '../asn1/der.ts'

export interface Algorithm {
  oid: string
  /** DER of the parameters, with header. */
  parameters: Uint8Array | undefined
  bytes: Uint8Array
}

/** Reads an AlgorithmIdentifier (RFC 5280, section 4.1.1.2). */
export function readAlgorithm(element: DerElement): Algorithm {
  const fields = inside(element)
  const oid = readObjectIdentifier(fields.next(tags.objectIdentifier))
  const parameters = fields.done ? undefined : fields.next().bytes
  fields.end()
  return { oid, parameters, bytes: element.bytes }
}

export type Hash = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512'

/** A signature scheme: the key types, and the hash, null if the scheme includes its own. */
export interface SignatureScheme {
  kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'eddsa' | 'dsa' | 'ml-dsa'
  keys: string[]
  hash: Hash | null
  saltLength?: number
}

const scheme = (kind: SignatureScheme['kind'], hash: Hash | null, key: string): SignatureScheme => ({
  kind,
  keys: [key],
  hash,
})
const schemes = new Map<string, SignatureScheme>(
  Object.entries({
    '1.2.840.113549.1.1.4': scheme('rsa', 'md5', 'rsa'),
    '1.2.840.113549.1.1.5': scheme('rsa', 'sha1', 'rsa'),
    '1.2.840.113549.1.1.14': scheme('rsa', 'sha224', 'rsa'),
    '1.2.840.113549.1.1.11': scheme('rsa', 'sha256', 'rsa'),
    '1.2.840.113549.1.1.12': scheme('rsa', 'sha384', 'rsa'),
    '1.2.840.113549.1.1.13': scheme('rsa', 'sha512', 'rsa'),
    '1.2.840.10045.4.1': scheme('ecdsa', 'sha1', 'ec'),
    '1.2.840.10045.4.3.1': scheme('ecdsa', 'sha224', 'ec'),
    '1.2.840.10045.4.3.2': scheme('ecdsa', 'sha256', 'ec'),
    '1.2.840.10045.4.3.3': scheme('ecdsa', 'sha384', 'ec'),
    '1.2.840.10045.4.3.4': scheme('ecdsa', 'sha512', 'ec'),
    '1.3.101.112': scheme('eddsa', null, 'ed25519'),
    '1.3.101.113': scheme('eddsa', null, 'ed448'),
  }),
)
/** Schemes that no TLS client takes; their signatures are checked for display alone. */
const otherSchemes = new Map<string, SignatureScheme>(
  Object.entries({
    '1.2.840.10040.4.3': scheme('dsa', 'sha1', 'dsa'),
    '2.16.840.1.101.3.4.3.1': scheme('dsa', 'sha224', 'dsa'),
    '2.16.840.1.101.3.4.3.2': scheme('dsa', 'sha256', 'dsa'),
    '2.16.840.1.101.3.4.3.17': scheme('ml-dsa', null, 'ml-dsa-44'),
    '2.16.840.1.101.3.4.3.18': scheme('ml-dsa', null, 'ml-dsa-65'),
    '2.16.840.1.101.3.4.3.19': scheme('ml-dsa', null, 'ml-dsa-87'),
  }),
)
const rsaPssOid = '1.2.840.113549.1.1.10'
const mgf1Oid = '1.2.840.113549.1.1.8'
const hashes = new Map<string, Hash>(
  Object.entries({
    '1.3.14.3.2.26': 'sha1',
    '2.16.840.1.101.3.4.2.4': 'sha224',
    '2.16.840.1.101.3.4.2.1': 'sha256',
    '2.16.840.1.101.3.4.2.2': 'sha384',
    '2.16.840.1.101.3.4.2.3': 'sha512',
  }),
)
const nullParameters = Uint8Array.of(5, 0)

/** The scheme of `algorithm`, whatever its parameters, also of one that no TLS client takes. */
export function anyScheme(algorithm: Algorithm): SignatureScheme | undefined {
  if (algorithm.oid === rsaPssOid) return pssScheme(algorithm.parameters)
  return schemes.get(algorithm.oid) ?? otherSchemes.get(algorithm.oid)
}

/** The scheme of `algorithm`; undefined if no TLS client takes it, or if its parameters are wrong. */
export function signatureScheme(algorithm: Algorithm): SignatureScheme | undefined {
  if (algorithm.oid === rsaPssOid) return pssScheme(algorithm.parameters)
  const scheme = schemes.get(algorithm.oid)
  if (!scheme) return undefined
  const { parameters } = algorithm
  const isNull = parameters !== undefined && bytesEqual(parameters, nullParameters)
  // RFC 4055, section 5 and RFC 5758, section 3: NULL for RSA (absent is tolerated), absent for the others.
  return parameters === undefined || (isNull && scheme.kind === 'rsa') ? scheme : undefined
}

/** RFC 4055, section 3.1. Every scheme in use has the same hash twice. */
function pssScheme(parameters: Uint8Array | undefined): SignatureScheme | undefined {
  if (!parameters) return undefined
  try {
    const fields = inside(readOne(parameters, tags.sequence))
    const hash = pssHash(fields.optional(explicitTag(0)))
    const maskHash = pssMaskHash(fields.optional(explicitTag(1)))
    const salt = fields.optional(explicitTag(2))
    const trailer = fields.optional(explicitTag(3))
    fields.end()
    const saltLength = salt ? readCount(readOne(salt.content, tags.integer)) : 20
    const usual = trailer === undefined || readCount(readOne(trailer.content, tags.integer)) === 1
    return hash && hash === maskHash && usual && saltLength <= 512
      ? { kind: 'rsa-pss', keys: ['rsa', 'rsa-pss'], hash, saltLength }
      : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

function pssHash(field: DerElement | undefined): Hash | undefined {
  return field ? hashes.get(readAlgorithm(readOne(field.content, tags.sequence)).oid) : 'sha1'
}

function pssMaskHash(field: DerElement | undefined): Hash | undefined {
  if (!field) return 'sha1'
  const mask = readAlgorithm(readOne(field.content, tags.sequence))
  if (mask.oid !== mgf1Oid || !mask.parameters) return undefined
  return hashes.get(readAlgorithm(readOne(mask.parameters, tags.sequence)).oid)
}

/** `RSA with SHA-1`. */
export function formatScheme(algorithm: Algorithm): string {
  const scheme = signatureScheme(algorithm)
  if (!scheme) return `the algorithm ${algorithm.oid}`
  const kind = scheme.kind === 'eddsa' ? 'EdDSA' : scheme.kind.toUpperCase()
  return scheme.hash ? `${kind} with ${scheme.hash.toUpperCase().replace(/^SHA/, 'SHA-')}` : kind
}
