import type { KeyObject } from 'node:crypto'
import { signatureAlgorithms } from '../jose/algorithms.ts'
import { JoseFault } from '../jose/jose-fault.ts'
import { keyOfJwk, type PublicJwk, thumbprint } from '../jose/jwk.ts'
import { type ReadJws, readJws, verifyJws } from '../jose/jws.ts'
import type { AcmeServerAccount } from '../../vault/vault.ts'
import type { Nonces } from './nonces.ts'
import { AcmeProblem } from './problem.ts'

/** Verified request with its signer. */
export interface SignedRequest {
  /** Undefined if the request has a `jwk` instead of a `kid`. */
  account: AcmeServerAccount | undefined
  key: KeyObject
  jwk: PublicJwk
  thumbprint: string
  /** Undefined for the empty payload of POST-as-GET (RFC 8555, section 6.3). */
  payload: Payload | undefined
  url: string
}
/** Members of a client's object, unvalidated. */
export type Payload = ReadonlyMap<string, unknown>

interface Reading {
  body: unknown
  url: string
  nonces: Nonces
  accountOf: (kid: string) => AcmeServerAccount | undefined
}

/**
 * Parses and verifies a request (RFC 8555, section 6.2): signed by the key in its header, for this URL, with
 * an unused nonce.
 * @throws `AcmeProblem`
 */
export function readSigned({ body, url, nonces, accountOf }: Reading): SignedRequest {
  return translating(() => {
    const jws = readJws(body)
    const { header } = jws
    if (header['url'] !== url)
      throw new AcmeProblem(
        'unauthorized',
        'The "url" of the request is not the address that it was sent to.',
      )
    const signer = signerOf(header, accountOf)
    verifyJws(jws, signer.key)
    if (!nonces.use(header['nonce']))
      throw new AcmeProblem('badNonce', 'The nonce was not given by this server, or was used before.')
    if (signer.account && signer.account.status !== 'valid')
      throw new AcmeProblem('unauthorized', `The account is ${signer.account.status}.`)
    return { ...signer, payload: payloadOf(jws), url }
  })
}

/** Translates a `JoseFault` of `read` into an `AcmeProblem`. */
export function translating<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof JoseFault)) throw error
    const types = {
      malformed: 'malformed',
      algorithm: 'badSignatureAlgorithm',
      key: 'badPublicKey',
      signature: 'unauthorized',
    } as const
    const more = error.fault === 'algorithm' ? { algorithms: signatureAlgorithms } : {}
    throw new AcmeProblem(types[error.fault], error.message, more)
  }
}

function signerOf(
  header: ReadJws['header'],
  accountOf: Reading['accountOf'],
): Omit<SignedRequest, 'payload' | 'url'> {
  const { kid, jwk } = header
  if ((kid === undefined) === (jwk === undefined))
    throw new AcmeProblem('malformed', 'A request has either "jwk" or "kid".')
  if (kid === undefined) {
    const own = keyOfJwk(jwk)
    return { account: undefined, ...own, thumbprint: thumbprint(own.jwk) }
  }
  const account = typeof kid === 'string' ? accountOf(kid) : undefined
  if (!account) throw new AcmeProblem('accountDoesNotExist', 'There is no account of that address.')
  const known = keyOfJwk(account.jwk)
  return { account, ...known, thumbprint: account.thumbprint }
}

/** The object in a JWS; undefined for an empty payload. */
export function payloadOf({ payload }: ReadJws): Payload | undefined {
  if (payload.length === 0) return undefined
  return asPayload(parsedJson(payload))
}

/**
 * Members of a client's object.
 * @throws `malformed`
 */
export function asPayload(value: unknown): Payload {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AcmeProblem('malformed', 'The payload is not a JSON object.')
  return new Map(Object.entries(value))
}

/** @throws `malformed` */
export function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new AcmeProblem('malformed', 'The payload is not JSON.')
  }
}
