import { anchorsNamed, parseOrNone, type IssuerCandidate } from './anchor-index.ts'
import type { AnchorSet } from './anchor-set.ts'
import { bytesEqual, toHex } from '../asn1/der.ts'
import type { Certificate } from '../x509/certificate.ts'

export interface IssuerPool {
  /** The anchor set that contains exactly this certificate. */
  trusting(certificate: Certificate): AnchorSet | undefined
  /** Candidates for the issuer of `certificate`, by name, the likeliest first. Evaluated lazily. */
  issuersOf(certificate: Certificate): Iterable<IssuerCandidate>
  named(subjectKey: string): IssuerCandidate[]
}

/** Cached by its lists: a timeline or a report verifies the same certificates hundreds of times. */
export function createIssuerPool(intermediates: Uint8Array[], anchors: AnchorSet[]): IssuerPool {
  const ofThese = pools.get(intermediates) ?? new WeakMap<AnchorSet[], IssuerPool>()
  pools.set(intermediates, ofThese)
  const before = ofThese.get(anchors)
  if (before) return before
  const pool = poolOf(intermediates, anchors)
  ofThese.set(anchors, pool)
  return pool
}

const pools = new WeakMap<Uint8Array[], WeakMap<AnchorSet[], IssuerPool>>()

function poolOf(intermediates: Uint8Array[], anchors: AnchorSet[]): IssuerPool {
  const given = Map.groupBy(intermediates.flatMap(parseOrNone), (certificate) => certificate.subject.key)
  const known = new Map<string, Namesakes>()
  const namesakesOf = (key: string): Namesakes => {
    const before = known.get(key)
    if (before) return before
    const trusted = anchors.flatMap((set) =>
      anchorsNamed(set, key).map((certificate) => ({ certificate, trustedBy: set })),
    )
    const namesakes = indexed([...trusted, ...(given.get(key) ?? []).map((certificate) => ({ certificate }))])
    known.set(key, namesakes)
    return namesakes
  }
  return {
    named: (key) => namesakesOf(key).all,
    trusting: ({ subject, fingerprintSha256 }) =>
      namesakesOf(subject.key).all.find(
        ({ certificate, trustedBy }) => trustedBy && certificate.fingerprintSha256 === fingerprintSha256,
      )?.trustedBy,
    issuersOf: (certificate) => byLikelihood(namesakesOf(certificate.issuer.key), certificate),
  }
}

interface Namesakes {
  /** Trusted ones first, then by latest end. */
  all: IssuerCandidate[]
  /** The key identifier of each, in hexadecimal; empty without one. */
  keys: string[]
  /** Indexed by key identifier, in the same order. */
  byKey: Map<string, IssuerCandidate[]>
}

function indexed(candidates: IssuerCandidate[]): Namesakes {
  const rank = ({ trustedBy }: IssuerCandidate): number => (trustedBy ? 1 : 0)
  const all = distinct(candidates).sort(
    (a, b) => rank(b) - rank(a) || b.certificate.notAfter - a.certificate.notAfter,
  )
  const keys = all.map(({ certificate }) => toHex(certificate.decoded.subjectKeyIdentifier ?? nothing))
  return { all, keys, byKey: Map.groupBy(all, (_, at) => keys[at] ?? '') }
}

const nothing = new Uint8Array()

/** Candidates with the matching key identifier, then those without one, then the rest. */
function* byLikelihood({ all, keys, byKey }: Namesakes, child: Certificate): Generator<IssuerCandidate> {
  const wanted = toHex(child.decoded.authorityKeyIdentifier?.keyIdentifier ?? nothing)
  if (wanted === '') return yield* all
  yield* byKey.get(wanted) ?? []
  yield* byKey.get('') ?? []
  if ((byKey.get(wanted)?.length ?? 0) + (byKey.get('')?.length ?? 0) === all.length) return
  for (const [at, candidate] of all.entries()) {
    if (keys[at] !== '' && keys[at] !== wanted) yield candidate
  }
}

function distinct(candidates: IssuerCandidate[]): IssuerCandidate[] {
  const byFingerprint = new Map<string, IssuerCandidate>()
  for (const candidate of candidates) {
    const key = candidate.certificate.fingerprintSha256
    if (!byFingerprint.has(key)) byFingerprint.set(key, candidate)
  }
  return [...byFingerprint.values()]
}

/**
 * 1 if the key identifiers match, -1 if they differ, 0 if one is missing. A hint only (RFC 4158, section
 * 3.5.12).
 */
export function keyIdentifierFit(issuer: Certificate, child: Certificate): -1 | 0 | 1 {
  const own = issuer.decoded.subjectKeyIdentifier
  const wanted = child.decoded.authorityKeyIdentifier?.keyIdentifier
  if (!own || !wanted) return 0
  return bytesEqual(own, wanted) ? 1 : -1
}
