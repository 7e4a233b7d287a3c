import type { AnchorSet } from './anchor-set.ts'
import { rfc5280, type Breach } from './breach.ts'
import { intermediatesIn, rulesFor, type Place } from './certificate-rules.ts'
import { bytesEqual } from '../asn1/der.ts'
import { keyIdentifierFit, type IssuerPool } from './issuer-pool.ts'
import { constraintBreach } from './name-constraints.ts'
import type { Certificate } from '../x509/certificate.ts'
import type { Budget, Question } from './question.ts'
import { isSignedWithin } from '../x509/signatures.ts'

/** Leaf first. `trustedBy` is set if the last one is an anchor. */
export interface CandidatePath {
  certificates: Certificate[]
  trustedBy: AnchorSet | undefined
  /** In the order found; empty for a valid path. */
  breaches: Breach[]
}

export interface PathSearch {
  leaf: Certificate
  pool: IssuerPool
  question: Question
  /** Breaches of a whole path: policies, revocation, the issuing profile. */
  wholePathBreaches(path: CandidatePath): Iterable<Breach>
  /** Breach for a path whose last certificate has no known issuer. */
  deadEnd(path: CandidatePath): Breach
}

/** Limit above every path in use, self-issued certificates included. */
const longestPath = 24

export function startOf({ leaf, pool }: PathSearch): CandidatePath {
  return { certificates: [leaf], breaches: [], trustedBy: pool.trusting(leaf) }
}

export function leafBreaches({ question, leaf }: PathSearch, start: CandidatePath): Breach[] {
  const place: Place = {
    certificate: leaf,
    index: 0,
    role: 'leaf',
    below: [],
    trusted: start.trustedBy !== undefined,
  }
  return rulesFor('leaf').flatMap((rule) => rule(place, question) ?? [])
}

/**
 * Extends the path by each possible issuer of its last certificate, the likeliest first. Ends early when the
 * budget of candidates is spent.
 */
export function* continuations(
  { pool, question: { budget } }: PathSearch,
  path: CandidatePath,
): Generator<CandidatePath> {
  for (const { certificate, trustedBy } of pool.issuersOf(path.certificates.at(-1) as Certificate)) {
    if ((budget.candidates -= 1) < 0) return
    if (isRepeated(certificate, path)) continue
    yield { certificates: [...path.certificates, certificate], breaches: path.breaches, trustedBy }
  }
}

/** True if the budget ran out before the search was complete. */
export function isSpent({ steps, candidates, signatures }: Budget): boolean {
  return steps < 0 || candidates < 0 || signatures < 0
}

/**
 * True for a CA that is on the path already, by name and key: the path could omit everything between (RFC
 * 4158, section 2.4.2). The leaf is not a CA of its path, but may not issue itself either.
 */
function isRepeated(
  certificate: Certificate,
  { certificates: [leaf, ...authorities] }: CandidatePath,
): boolean {
  if (certificate.fingerprintSha256 === leaf?.fingerprintSha256) return true
  return authorities.some(
    ({ subject, spki }) => subject.key === certificate.subject.key && bytesEqual(spki, certificate.spki),
  )
}

/** Breaches of the newest certificate of `path`, alone and towards those below it. */
export function* stepBreaches(search: PathSearch, path: CandidatePath): Iterable<Breach> {
  const { question } = search
  const certificate = path.certificates.at(-1) as Certificate
  const below = path.certificates.slice(0, -1)
  const role = path.trustedBy ? 'anchor' : 'intermediate'
  const place: Place = { certificate, index: below.length, role, below, trusted: role === 'anchor' }
  yield* orNothing(signatureBreach(search, place))
  for (const rule of rulesFor(role)) yield* orNothing(rule(place, question))
  yield* orNothing(depthBreach(place, question))
  yield* orNothing(constraintBreach(certificate, below, question.budget))
}

function orNothing(breach: Breach | undefined): Breach[] {
  return breach ? [breach] : []
}

function signatureBreach(
  { question: { budget } }: PathSearch,
  { certificate, below }: Place,
): Breach | undefined {
  const child = below.at(-1) as Certificate
  const index = below.length - 1
  const isSigned = isSignedWithin(budget, child, certificate)
  if (isSigned === undefined) return exhausted({ certificates: below })
  if (isSigned) return undefined
  const subject = index === 0 ? 'Its signature' : `The signature on “${child.title}”`
  const other =
    keyIdentifierFit(certificate, child) < 0 ? ', which has another key than the one it names' : ''
  return {
    code: 'bad_signature',
    message: `${subject} is not by the key of “${certificate.title}”${other}.`,
    index,
    reference: rfc5280('6.1.3 (a)(1)'),
  }
}

function depthBreach({ role, certificate, below, index }: Place, { maxDepth }: Question): Breach | undefined {
  const path = role === 'intermediate' ? [...below, certificate] : below
  const isTooDeep = intermediatesIn(path) > maxDepth
  if (!isTooDeep && path.length < longestPath) return undefined
  const message = isTooDeep
    ? `The path has more intermediates than the ${maxDepth} that are allowed.`
    : `The path has more than ${longestPath} certificates.`
  return { code: 'path_too_long', message, index, reference: rfc5280('6.1') }
}

export function exhausted(path: Pick<CandidatePath, 'certificates'>): Breach {
  const message = 'There are too many possible paths, so the search for a valid one was stopped.'
  return {
    code: 'search_exhausted',
    message,
    index: path.certificates.length - 1,
    reference: 'RFC 4158, section 2.4',
  }
}
