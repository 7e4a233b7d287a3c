/** Types of RFC 8555, section 6.7, RFC 9773, section 7.4, and of profiles (draft-ietf-acme-profiles). */
export type ProblemType =
  | 'accountDoesNotExist'
  | 'alreadyReplaced'
  | 'alreadyRevoked'
  | 'badCSR'
  | 'badNonce'
  | 'badPublicKey'
  | 'badRevocationReason'
  | 'badSignatureAlgorithm'
  | 'connection'
  | 'dns'
  | 'externalAccountRequired'
  | 'incorrectResponse'
  | 'invalidContact'
  | 'invalidProfile'
  | 'malformed'
  | 'orderNotReady'
  | 'rateLimited'
  | 'rejectedIdentifier'
  | 'serverInternal'
  | 'tls'
  | 'unauthorized'
  | 'unsupportedContact'
  | 'unsupportedIdentifier'

export interface Identifier {
  type: 'dns' | 'ip'
  value: string
}

export interface Subproblem {
  type: ProblemType
  detail: string
  identifier: Identifier
}

const statuses: Partial<Record<ProblemType, number>> = {
  alreadyReplaced: 409,
  rateLimited: 429,
  serverInternal: 500,
  unauthorized: 403,
  orderNotReady: 403,
  accountDoesNotExist: 400,
}

interface More {
  status?: number
  subproblems?: Subproblem[]
  algorithms?: string[]
  /** In seconds. */
  retryAfter?: number
  headers?: Record<'location', string>
}

/** Error that the client gets as a problem document (RFC 7807). */
export class AcmeProblem extends Error {
  readonly type: ProblemType
  readonly status: number
  readonly more: More
  constructor(type: ProblemType, detail: string, more: More = {}) {
    super(detail)
    this.name = 'AcmeProblem'
    this.type = type
    this.status = more.status ?? statuses[type] ?? 400
    this.more = more
  }

  document(): object {
    const { subproblems, algorithms } = this.more
    return {
      type: urnOf(this.type),
      detail: this.message,
      status: this.status,
      ...(algorithms ? { algorithms } : {}),
      ...(subproblems
        ? { subproblems: subproblems.map((each) => ({ ...each, type: urnOf(each.type) })) }
        : {}),
    }
  }
}

function urnOf(type: ProblemType): string {
  return `urn:ietf:params:acme:error:${type}`
}
