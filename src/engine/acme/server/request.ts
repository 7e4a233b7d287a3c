import type { KeyObject } from 'node:crypto'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { fromBase64url } from '../jose/base64url.ts'
import { JoseFault } from '../jose/jose-fault.ts'
import { publicJwk, thumbprint } from '../jose/jwk.ts'
import type { LeafRequest } from '../../local-authority/local-authority.ts'
import type { IssuedRow, Vault } from '../../vault/vault.ts'
import type { Behaviour } from './behaviour.ts'
import { AcmeProblem } from './problem.ts'
import type { SignedRequest } from './signed-request.ts'
import type { EdgePorts, ValidationPorts } from './validation.ts'

export interface AcmeSettings {
  ports: ValidationPorts
  /** Names exempt from validation, with all names below them. */
  waived: readonly string[]
  requireBinding: boolean
}

export interface AcmeParts {
  vault: Vault
  clock: () => Date
  behaviour: () => Behaviour
  settings: () => AcmeSettings
  /** The subset of the names (A-labels, also `*.`) for which the edge serves a domain. */
  servedAmong: (names: readonly string[]) => ReadonlySet<string>
  edgePorts: () => EdgePorts | null
  /** Signs and records a certificate. */
  sign: (wanted: LeafRequest, accountId: string) => Promise<string>
  /** Revokes a certificate and records it in the audit trail. */
  revoke: (row: IssuedRow, reason: number) => void
  /** Signals possible changes to accounts, orders or certificates. */
  changed: () => void
  /** Logs a failure of the server itself. */
  failed: (error: unknown) => void
  /** The intermediate in PEM; creates the authority if there is none. */
  issuer: () => Promise<string>
}

export interface AcmeRequest {
  method: string
  /** Example: `https://localhost:14000`. */
  base: string
  path: string
  userAgent: string
  /** The parsed body of a POST. */
  body: unknown
}

export interface AcmeAnswer {
  status: number
  body?: object | string
  contentType?: string
  headers?: Record<string, string>
}

/** POST with a verified signature and the path `/place/id/more`. */
export interface Posted {
  request: AcmeRequest
  signed: SignedRequest
  place: string
  id: string
  more: string
}

/** RFC 8555, section 6.3 (POST-as-GET). */
export function requireEmpty({ payload }: SignedRequest): void {
  if (payload)
    throw new AcmeProblem('malformed', 'This is read with an empty payload (RFC 8555, section 6.3).')
}

export function bytesOf(value: unknown, member: string): Buffer {
  if (typeof value !== 'string') throw new AcmeProblem('malformed', `"${member}" is missing.`)
  try {
    return fromBase64url(value)
  } catch (error) {
    if (!(error instanceof JoseFault)) throw error
    throw new AcmeProblem('malformed', `"${member}" is not base64url without padding.`)
  }
}

export function thumbprintOf(key: KeyObject): string {
  return thumbprint(publicJwk(key))
}

/** Problem document for `error`, without internals of the server. */
export function asProblem(error: unknown): AcmeProblem {
  if (error instanceof AcmeProblem) return error
  if (error instanceof EdgekeepError && error.code === 'vault.locked')
    return new AcmeProblem('serverInternal', 'The vault of this server is locked.', {
      status: 503,
      retryAfter: 60,
    })
  if (error instanceof EdgekeepError) return new AcmeProblem('rejectedIdentifier', error.message)
  return new AcmeProblem('serverInternal', 'The server has failed; its log says why.')
}
