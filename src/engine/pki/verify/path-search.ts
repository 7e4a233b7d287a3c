import type { IssuerCandidate } from './anchor-index.ts'
import type { AnchorSet } from './anchor-set.ts'
import { rfc5280, type Breach } from './breach.ts'
import { intermediatesIn, rulesFor, type Place } from './certificate-rules.ts'
import { bytesEqual } from './der.ts'
import { keyIdentifierFit, type IssuerPool } from './issuer-pool.ts'
import { constraintBreach } from './name-constraints.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'
import { freshBudget, type Question } from './question.ts'
import { isSignedBy } from './signatures.ts'

/** Leaf first. `trustedBy` is set where the last one is an anchor. */
export interface CandidatePath {
  certificates: ParsedCertificate[]
  trustedBy?: AnchorSet
  /** In the order found; empty for a path that holds. */
  breaches: Breach[]
}

export interface PathSearch {
  leaf: ParsedCertificate
  pool: IssuerPool
  question: Question
  /** The rules that only a whole path can break: policies, revocation, the issuing profile. */
  wholePathBreaches(path: CandidatePath): Iterable<Breach>
  /** What to say where nobody at hand has issued the last certificate of `path`. */
  deadEnd(path: CandidatePath): Breach
}

export interface SearchResult {
  found: CandidatePath | undefined
  failed: CandidatePath[]
}

/** No path in use has more certificates, self-issued ones included. */
const longestPath = 24
const failuresKept = 32

/**
 * Walks from the leaf upwards, depth first, and leaves a branch at the first rule it breaks: each rule
 * but those for whole paths concerns a certificate and what lies below it, so a branch that broke one
 * can never hold.
 */
export function findPath(search: PathSearch): SearchResult {
  const failed: CandidatePath[] = []
  const fail = (path: CandidatePath, breach: Breach): undefined => {
    if (failed.length < failuresKept) failed.push({ ...path, breaches: [breach] })
  }
  const climb = (path: CandidatePath): CandidatePath | undefined => {
    const [first] = path.trustedBy ? search.wholePathBreaches(path) : []
    if (path.trustedBy) return first ? fail(path, first) : path
    const candidates = continuations(search, path)
    if (candidates.length === 0) return fail(path, search.deadEnd(path))
    for (const next of candidates) {
      if ((search.question.budget.steps -= 1) < 0) return fail(path, exhausted(path))
      const [broken] = stepBreaches(search, next)
      const held = broken ? fail(next, broken) : climb(next)
      if (held) return held
    }
    return undefined
  }
  const start = startOf(search)
  const [broken] = leafBreaches(search, start)
  const found = broken ? fail(start, broken) : climb(start)
  return { found, failed }
}

/**
 * The path that comes nearest to holding, with every rule it breaks: what a person should be told when
 * `findPath` finds none. Bounded on its own, as it does not leave a branch early.
 */
export function nearestPath(search: PathSearch): CandidatePath {
  const bounded = {
    ...search,
    question: { ...search.question, budget: { ...freshBudget(), steps: 300, signatures: 60 } },
  }
  let nearest: CandidatePath | undefined
  let least = Number.POSITIVE_INFINITY
  const finish = (path: CandidatePath, breaches: Breach[]): void => {
    const whole = { ...path, breaches: [...path.breaches, ...breaches] }
    const cost = costOf(whole)
    if (cost < least) [nearest, least] = [whole, cost]
  }
  const climb = (path: CandidatePath): void => {
    if (costOf(path) >= least) return
    if (path.trustedBy) return finish(path, [...bounded.wholePathBreaches(path)])
    const candidates = continuations(bounded, path).filter((next) => isPlausible(bounded, next))
    if (candidates.length === 0) finish(path, [bounded.deadEnd(path)])
    for (const next of candidates) {
      if ((bounded.question.budget.steps -= 1) < 0) break
      climb({ ...next, breaches: [...next.breaches, ...stepBreaches(bounded, next)] })
    }
  }
  const start = startOf(bounded)
  climb({ ...start, breaches: [...leafBreaches(bounded, start)] })
  return nearest ?? { ...start, breaches: [exhausted(start)] }
}

/** A forged signature explains less than anything else, an unknown issuer less than a rule broken on the way to a known one. */
function costOf(path: CandidatePath): number {
  const cost = {
    bad_signature: 100,
    self_signed: 40,
    unknown_authority: 40,
    missing_intermediate: 40,
  } as Record<string, number>
  const total = path.breaches.reduce((sum, breach) => sum + (cost[breach.code] ?? 10), 0)
  // Of two dead ends the longer one says more.
  return total - path.certificates.length / 100
}

function startOf({ leaf, pool }: PathSearch): CandidatePath {
  const trustedBy = pool.trusting(leaf)
  return { certificates: [leaf], breaches: [], ...(trustedBy ? { trustedBy } : {}) }
}

function leafBreaches({ question, leaf }: PathSearch, start: CandidatePath): Breach[] {
  const place: Place = {
    certificate: leaf,
    index: 0,
    role: 'leaf',
    below: [],
    trusted: start.trustedBy !== undefined,
  }
  return rulesFor('leaf').flatMap((rule) => rule(place, question) ?? [])
}

function continuations({ pool }: PathSearch, path: CandidatePath): CandidatePath[] {
  const top = path.certificates.at(-1) as ParsedCertificate
  return pool
    .issuersOf(top)
    .filter(({ certificate }) => !path.certificates.some((known) => sameAuthority(known, certificate)))
    .map((candidate) => extended(path, candidate))
}

/** A path that meets a name with the same key again could as well leave out what lies between (RFC 4158, section 2.4.2). */
function sameAuthority(a: ParsedCertificate, b: ParsedCertificate): boolean {
  return a.subject.key === b.subject.key && bytesEqual(a.spki, b.spki)
}

function extended(path: CandidatePath, { certificate, trustedBy }: IssuerCandidate): CandidatePath {
  return {
    certificates: [...path.certificates, certificate],
    breaches: path.breaches,
    ...(trustedBy ? { trustedBy } : {}),
  }
}

/** What the newest certificate of `path` breaks, by itself and towards those below it. */
function* stepBreaches(search: PathSearch, path: CandidatePath): Iterable<Breach> {
  const { question } = search
  const certificate = path.certificates.at(-1) as ParsedCertificate
  const below = path.certificates.slice(0, -1)
  const role = path.trustedBy ? 'anchor' : 'intermediate'
  const place: Place = { certificate, index: below.length, role, below, trusted: role === 'anchor' }
  yield* orNothing(signatureBreach(search, place))
  for (const rule of rulesFor(role)) yield* orNothing(rule(place, question))
  yield* orNothing(depthBreach(place, question))
  yield* orNothing(constraintBreach(certificate, below, question.budget))
}

/** Not just another authority of the same name: it has signed the certificate, or nothing says that it has not meant to. */
function isPlausible({ question: { budget } }: PathSearch, { certificates }: CandidatePath): boolean {
  const [child, issuer] = certificates.slice(-2) as [ParsedCertificate, ParsedCertificate]
  if (keyIdentifierFit(issuer, child) >= 0) return true
  return (budget.signatures -= 1) >= 0 && isSignedBy(child, issuer)
}

function orNothing(breach: Breach | undefined): Breach[] {
  return breach ? [breach] : []
}

function signatureBreach(
  { question: { budget } }: PathSearch,
  { certificate, below }: Place,
): Breach | undefined {
  const child = below.at(-1) as ParsedCertificate
  const index = below.length - 1
  if ((budget.signatures -= 1) < 0) return exhausted({ certificates: below })
  if (isSignedBy(child, certificate)) return undefined
  const subject = index === 0 ? 'Its signature' : `The signature on «${child.title}»`
  const other =
    keyIdentifierFit(certificate, child) < 0 ? ', which has another key than the one it names' : ''
  return {
    code: 'bad_signature',
    message: `${subject} is not by the key of «${certificate.title}»${other}.`,
    index,
    reference: rfc5280('6.1.3 (a)(1)'),
  }
}

function depthBreach({ role, certificate, below, index }: Place, { maxDepth }: Question): Breach | undefined {
  const path = role === 'intermediate' ? [...below, certificate] : below
  if (intermediatesIn(path) <= maxDepth && path.length < longestPath) return undefined
  const message = `The path has more intermediates than the ${maxDepth} that are allowed.`
  return { code: 'path_too_long', message, index, reference: rfc5280('6.1') }
}

function exhausted(path: Pick<CandidatePath, 'certificates'>): Breach {
  const message =
    'There are so many ways from certificate to certificate that the search for one that holds was given up.'
  return {
    code: 'search_exhausted',
    message,
    index: path.certificates.length - 1,
    reference: 'RFC 4158, section 2.4',
  }
}
