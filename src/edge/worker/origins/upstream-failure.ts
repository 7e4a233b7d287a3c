import { faultProblem, type Problem } from '../http/pages.ts'

export interface UpstreamFailure {
  kind: keyof typeof failures
  /** Code of the system, OpenSSL or Node, or the message of an internal error. */
  code: string
  /** The request was not sent, or the origin reports that it was not processed (RFC 9113, section 8.7). */
  isUnprocessed?: boolean
}

/**
 * Status and sentence for the client, which names no address, and the reason that the origin's state shows.
 * ORIGIN and HOST stand for the domain, CODE for the failure's code.
 */
const failures = {
  unresolved: [502, 'ORIGIN has a name that cannot be resolved.', 'Its name cannot be resolved'],
  refused: [502, 'ORIGIN refused the connection. It is probably not running.', 'It refuses connections'],
  unreachable: [502, 'ORIGIN cannot be reached.', 'It cannot be reached (CODE)'],
  certificate: [
    502,
    'ORIGIN has a certificate that does not verify (CODE).',
    'Its certificate does not verify (CODE)',
  ],
  tls: [502, 'ORIGIN did not complete a TLS handshake.', 'It did not complete a TLS handshake'],
  closed: [
    502,
    'ORIGIN closed the connection before its response.',
    'It closed the connection before its response',
  ],
  malformed: [
    502,
    'ORIGIN sent something that is not a valid HTTP response.',
    'It sent something that is not a valid response',
  ],
  /** The request has no form in the origin's protocol. */
  unsendable: [
    400,
    'ORIGIN speaks a version of HTTP in which this request cannot be sent.',
    'It was sent a request that its protocol has no form for',
  ],
  /** Internal error, already reported. */
  fault: [faultProblem.status, faultProblem.sentence, 'Edgekeep failed while it answered'],
  folder: [502, 'The folder that HOST is served from cannot be read.', 'The folder cannot be read'],
  'folder-moved': [
    403,
    'A link leads the folder that HOST is served from elsewhere than when it was chosen, so nothing of it is served. If that is right, choose the folder again in Edgekeep.',
    'A link leads the folder elsewhere than when it was chosen',
  ],
  busy: [503, 'ORIGIN has too many requests waiting for it.', 'Too many requests wait for it'],
  'connect-timeout': [
    504,
    'ORIGIN did not accept a connection in time.',
    'It did not accept a connection in time',
  ],
  'response-timeout': [504, 'ORIGIN did not respond in time.', 'It did not respond in time'],
} satisfies Record<string, [status: number, toClient: string, reason: string]>

export const failureKinds = Object.keys(failures) as UpstreamFailure['kind'][]

export function failureProblem({ kind, code }: UpstreamFailure, hostname: string): Problem {
  const [status, sentence] = failures[kind]
  const values = new Map([
    ['ORIGIN', `The origin of ${hostname}`],
    ['HOST', hostname],
    ['CODE', code],
  ])
  return { status, sentence: sentence.replaceAll(/ORIGIN|HOST|CODE/g, (name) => values.get(name) ?? name) }
}

export function failureReason({ kind, code }: UpstreamFailure): string {
  return failures[kind][2].replace('CODE', () => code)
}

export function connectFailure(error: NodeJS.ErrnoException): UpstreamFailure {
  const code = error.code ?? 'UNKNOWN'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { kind: 'unresolved', code }
  if (code === 'ECONNREFUSED') return { kind: 'refused', code }
  if (code === 'ETIMEDOUT') return { kind: 'connect-timeout', code }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return { kind: 'unreachable', code }
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'closed', code }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') return { kind: 'tls', code }
  if (code.startsWith('ERR_TLS_CERT') || certificateCodes.test(code)) return { kind: 'certificate', code }
  return { kind: 'unreachable', code }
}

/** OpenSSL's verification results, as Node names them. */
const certificateCodes = /CERT|SIGNED|CRL|HOSTNAME|ISSUER|LEAF|CHAIN|CA$|PATH_LENGTH/
