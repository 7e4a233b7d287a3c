import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Answer, Verification } from '../../contract/inspect/certificate-facts.ts'
import { DerError } from '../asn1/der.ts'
import { shown } from '../asn1/strings.ts'
import { type Certificate, certificateOf } from '../x509/certificate.ts'
import { textsOf } from '../x509/general-names.ts'
import { coversDomain } from '../x509/host-names.ts'
import type { AnchorSet } from './anchor-set.ts'
import { answersOf } from './answers.ts'
import { deadEndBreach } from './dead-end.ts'
import { createIssuerPool } from './issuer-pool.ts'
import { nearestPath } from './nearest-path.ts'
import { findPath } from './path-search.ts'
import type { CandidatePath, PathSearch } from './path-steps.ts'
import type { PolicyInputs } from './policies.ts'
import { type Budget, freshBudget, type Purpose, type Question, sharedBudget, withPart } from './question.ts'
import { createWholePathRules } from './whole-path.ts'

export type { AnchorSet } from './anchor-set.ts'

export interface VerificationQuery {
  /** DER, like all certificates and CRLs here. */
  leaf: Uint8Array
  /** In any order; may include unrelated certificates. */
  intermediates: Uint8Array[]
  anchors: AnchorSet[]
  at: Date
  host?: string
  emails?: string[]
  /** Default: `server`. `any` runs RFC 5280's path validation alone. */
  purpose?: Purpose
  maxDepth?: number
  /** If given, they have to cover the leaf. */
  crls?: Uint8Array[]
  /** CRLs of the same files. Without one by the leaf's issuer they have no effect. */
  crlsBeside?: Uint8Array[]
  policies?: PolicyInputs
  /** Applies the CA/Browser Forum's rules for issuers too; default: no. */
  webProfile?: boolean
  /** A budget shared with other verifications; default: that of one verification. */
  budget?: Budget
  /** Default: yes. No for clients that use only a root's name and key. */
  anchorsExpire?: boolean | undefined
}

const usualDepth = 10

/**
 * Searches a valid path from `leaf` to one of the anchors by RFC 5280, section 6, and matches the name by RFC
 * 9525. Never throws for an invalid path: the result has the reason.
 * @throws `certificate.malformed` if the leaf is not a certificate
 */
export function verifyCertificate(query: VerificationQuery): Verification {
  const leaf = parseLeaf(query.leaf)
  const whole = query.budget ?? sharedBudget()
  const question = questionOf(query)
  const search = searchFor(leaf, query, question)
  const { found: direct, failed } = withPart(whole, freshBudget(), (budget) => {
    question.budget = budget
    return findPath(search)
  })
  const path = direct ?? nearestPath(search, whole)
  const found = path.breaches.length === 0 ? path : undefined
  const answers = { ...answersOf(path, question.at), name: nameAnswer(leaf, query.host, query.emails ?? []) }
  return {
    ok: found !== undefined && (answers.name?.ok ?? true),
    answers,
    path: found ? found.certificates.map(reference) : [],
    candidates: [path, ...failed.filter((other) => addsTo(other, path))].map(candidateOf),
    trustedBy: found?.trustedBy?.name ?? null,
  }
}

/** @throws EdgekeepError `certificate.malformed` */
export function parseLeaf(der: Uint8Array): Certificate {
  try {
    return certificateOf(der)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    throw new EdgekeepError('certificate.malformed', { reason: error.message }, { cause: error })
  }
}

function questionOf(query: VerificationQuery): Question {
  return {
    at: Math.floor(query.at.getTime() / 1000) * 1000,
    purpose: query.purpose ?? 'server',
    maxDepth: query.maxDepth ?? usualDepth,
    policies: query.policies ?? {},
    webProfile: query.webProfile ?? false,
    anchorsExpire: query.anchorsExpire ?? true,
    budget: freshBudget(),
  }
}

function searchFor(leaf: Certificate, query: VerificationQuery, question: Question): PathSearch {
  const { intermediates, anchors, crls = [], crlsBeside = [] } = query
  const anchorNames = anchors.map((set) => set.name)
  const pool = createIssuerPool(intermediates, anchors)
  return {
    leaf,
    question,
    pool,
    wholePathBreaches: createWholePathRules({ intermediates, anchors, crls, crlsBeside, question }),
    deadEnd: (path) => deadEndBreach(path, anchorNames, pool),
  }
}

/** Whether `other` adds information to `path`: another route, or an incomplete search. */
function addsTo(other: CandidatePath, path: CandidatePath): boolean {
  return !isStartOf(other, path) || (isGivenUp(other) && !isGivenUp(path))
}

const isGivenUp = ({ breaches }: CandidatePath): boolean =>
  breaches.some(({ code }) => code === 'search_exhausted')

/** Whether `other` is a prefix of `path`, or equal: it ended at a rule that `path` breaks too. */
function isStartOf(other: CandidatePath, path: CandidatePath): boolean {
  return other.certificates.every((certificate, index) => certificate === path.certificates[index])
}

function reference({ title, fingerprintSha256 }: Certificate): {
  title: string
  fingerprintSha256: string
} {
  return { title, fingerprintSha256 }
}

function candidateOf({ certificates, breaches: [first] }: CandidatePath): Verification['candidates'][number] {
  return { certificates: certificates.map(reference), broken: first ?? null }
}

/** Whether the certificate covers the requested host and every e-mail address; null without any. */
function nameAnswer(leaf: Certificate, host: string | undefined, emails: string[]): Answer | null {
  const names = textsOf(leaf.decoded.subjectAltName)
  const answers = emails.map((email) => coversEmail(names.email, email))
  if (host !== undefined) answers.unshift(coversDomain(names, host))
  return answers.find((answer) => !answer.ok) ?? answers[0] ?? null
}

/** RFC 5280, section 7.5: the host is case-insensitive, the local part is not. */
function coversEmail(addresses: string[], email: string): Answer {
  const comparable = (address: string): string => address.replace(/@[^@]*$/, (host) => host.toLowerCase())
  if (addresses.some((address) => comparable(address) === comparable(email)))
    return { ok: true, code: 'ok', reason: `It covers ${email}.` }
  const covered =
    addresses.length > 0 ? `it names ${shown(addresses.join(', '))}` : 'it names no e-mail address'
  return { ok: false, code: 'name_mismatch', reason: `It does not cover ${email}; ${covered}.` }
}
