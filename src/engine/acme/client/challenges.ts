import { createHash } from 'node:crypto'
import type { PersistentTask } from './persistent-challenge.ts'
import { thumbprint, type PublicJwk } from '../jose/jwk.ts'

/**
 * `http-01` and `dns-01`: RFC 8555, sections 8.3 and 8.4. `tls-alpn-01`: RFC 8737. `dns-persist-01`:
 * draft-ietf-acme-dns-persist-02.
 */
export type ChallengeType = 'http-01' | 'tls-alpn-01' | 'dns-01' | 'dns-persist-01'

export interface ChallengeTask {
  type: ChallengeType
  /** Lower-case A-labels, without `*.`. */
  name: string
  token: string
  /** Content of the http-01 file; the other types publish its hash. */
  keyAuthorization: string
  /** TXT record of dns-persist-01, which has no token; null for the other types. */
  record: PersistentTask | null
}

/** At least 128 bits in base64url (RFC 8555, section 8.1), since it becomes part of a path. */
const tokenPattern = /^[A-Za-z0-9_-]+$/
const shortestToken = 22
const longestToken = 256

export function isToken(token: string | undefined): token is string {
  if (token === undefined || token.length < shortestToken || token.length > longestToken) return false
  return tokenPattern.test(token)
}

export function keyAuthorization(token: string, jwk: PublicJwk): string {
  return `${token}.${thumbprint(jwk)}`
}

/** Hash in the certificate of tls-alpn-01 (RFC 8737, section 3) and the record of dns-01. */
export function authorizationDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** The TXT record of dns-01. */
export function txtRecord({ name, keyAuthorization: text }: ChallengeTask): { name: string; value: string } {
  return { name: `_acme-challenge.${name}`, value: authorizationDigest(text).toString('base64url') }
}
