import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import { algorithmFor, signBytes, verifyBytes } from './algorithms.ts'
import { fromBase64url, toBase64url } from './base64url.ts'
import { JoseFault } from './jose-fault.ts'

/** Flattened JSON serialization (RFC 7515, section 7.2.2), as ACME sends it: no unprotected header. */
export interface FlattenedJws {
  protected: string
  payload: string
  signature: string
}

/** Header parameters in use; untrusted until the signature is verified. */
export interface JwsHeader {
  alg?: unknown
  nonce?: unknown
  url?: unknown
  kid?: unknown
  jwk?: unknown
  crit?: unknown
  b64?: unknown
}

/** Parsed JWS with an unverified signature. */
export interface ReadJws {
  header: JwsHeader
  payload: Buffer
  signed: Buffer
  signature: Buffer
}

/** RFC 7518, section 3.2. */
const macHashes: ReadonlyMap<unknown, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
])

/** Signs with the algorithm for `key`. A null `payload` is the empty one of POST-as-GET. */
export function signJws(header: object, payload: object | null, key: KeyObject): FlattenedJws {
  const algorithm = algorithmFor(key)
  const parts = encoded({ alg: algorithm, ...header }, payload)
  return { ...parts, signature: toBase64url(signBytes(algorithm, signedBytes(parts), key)) }
}

/** HMAC with SHA-256, for external account bindings (RFC 8555, section 7.3.4). */
export function macJws(header: object, payload: object, macKey: Buffer): FlattenedJws {
  const parts = encoded({ alg: 'HS256', ...header }, payload)
  return { ...parts, signature: mac('sha256', parts, macKey).toString('base64url') }
}

/**
 * Parses a received JWS of exactly three members with an object as protected header. No unprotected header,
 * `crit` or extension of RFC 7797 is accepted (RFC 8555, section 6.2).
 * @throws a `JoseFault` that is `malformed`
 */
export function readJws(foreign: unknown): ReadJws {
  const { protected: head, payload, signature } = membersOf(foreign)
  const header = jsonObject(fromBase64url(head))
  if ('crit' in header || 'b64' in header)
    throw new JoseFault('malformed', 'The JWS uses extensions that are not taken.')
  const signed = signedBytes({ protected: head, payload })
  return { header, payload: fromBase64url(payload), signed, signature: fromBase64url(signature) }
}

/** @throws a `JoseFault`: `algorithm` for an unsupported one or that of another key type, or `signature` */
export function verifyJws(jws: ReadJws, key: KeyObject): void {
  verifyBytes(jws.header.alg, jws.signed, key, jws.signature)
}

/** `verifyJws` for a shared key: HS256, HS384 or HS512. */
export function verifyMac({ header, signed, signature }: ReadJws, macKey: Buffer): void {
  const hash = macHashes.get(header.alg)
  if (!hash) throw new JoseFault('algorithm', 'The algorithm is not one of HS256, HS384, HS512.')
  const expected = createHmac(hash, macKey).update(signed).digest()
  if (expected.length !== signature.length || !timingSafeEqual(expected, signature))
    throw new JoseFault('signature', 'The MAC does not fit the key and what is signed.')
}

function membersOf(foreign: unknown): FlattenedJws {
  if (typeof foreign !== 'object' || foreign === null) throw notFlattened()
  const {
    protected: head,
    payload,
    signature,
    ...others
  } = foreign as { [Part in keyof FlattenedJws]?: unknown }
  const isText = typeof head === 'string' && typeof payload === 'string' && typeof signature === 'string'
  if (!isText || Object.keys(others).length > 0) throw notFlattened()
  return { protected: head, payload, signature }
}

function notFlattened(): JoseFault {
  return new JoseFault('malformed', 'It is not a JWS of "protected", "payload" and "signature" alone.')
}

function jsonObject(bytes: Buffer): JwsHeader {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new JoseFault('malformed', 'The protected header is not JSON.', { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new JoseFault('malformed', 'The protected header is not an object.')
}

function encoded(header: object, payload: object | null): Pick<FlattenedJws, 'protected' | 'payload'> {
  return {
    protected: toBase64url(JSON.stringify(header)),
    payload: payload === null ? '' : toBase64url(JSON.stringify(payload)),
  }
}

function signedBytes(parts: Pick<FlattenedJws, 'protected' | 'payload'>): Buffer {
  return Buffer.from(`${parts.protected}.${parts.payload}`)
}

function mac(hash: string, parts: Pick<FlattenedJws, 'protected' | 'payload'>, macKey: Buffer): Buffer {
  return createHmac(hash, macKey).update(signedBytes(parts)).digest()
}
