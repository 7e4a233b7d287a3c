import type { Bundle, CertificateFacts } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, type Place } from '../../contract/errors/registry.ts'
import { createChainFinder } from './chains.ts'
import type { Found } from '../formats/found.ts'
import type { IntakePiece } from './intake-piece.ts'
import { type InputFile, material, type ServableMaterial } from './intake.ts'
import { readFile } from '../formats/read-file.ts'
import { bundleFault } from './verdict.ts'
import { createWorkBudget, NotYet, type WorkBudget } from '../work-budget.ts'

/** Result for one certificate, key or file among many. */
export type Gathered =
  | { kind: 'pair'; leaf: CertificateFacts; place: Place; material: () => ServableMaterial }
  | {
      kind: 'refused' | 'no-key' | 'no-certificate' | 'locked' | 'unreadable' | 'skipped'
      title: string
      leaf?: CertificateFacts
      place: Place
      error: EdgekeepError
    }

/**
 * Certificates and keys of many sites in any number of files, paired by public key. An intake covers one
 * site, with limits to match; here the limits apply per file, and the chain of each leaf is searched among
 * its possible issuers.
 */
export interface Gathering extends Disposable {
  /** Copies bytes that it retains. */
  /** @throws NotYet from `budget`; nothing of the file is retained then */
  add(file: InputFile, budget?: WorkBudget): void
  results(): Gathered[]
}

type WithCertificate = IntakePiece & { certificate: NonNullable<IntakePiece['certificate']> }

/** Limit for certificates of one subject; a real chain never has more. */
const issuersOfOneName = 20

export function createGathering(passphrase?: string): Gathering {
  const certificates = new Map<string, WithCertificate>()
  const keys = new Map<string, IntakePiece>()
  const failures: Gathered[] = []
  let nextId = 1

  function hold(found: Found): void {
    const piece: IntakePiece = { ...found, id: `p${nextId++}`, duplicate: false, wasLocked: false }
    if (hasCertificate(piece)) {
      const { fingerprintSha256 } = piece.certificate.facts
      if (!certificates.has(fingerprintSha256)) certificates.set(fingerprintSha256, piece)
    }
    if (!piece.key) return
    const { spkiSha256 } = piece.key.publicKey
    if (keys.has(spkiSha256)) piece.key.pkcs8[Symbol.dispose]()
    else keys.set(spkiSha256, piece)
  }

  function add(file: InputFile, budget: WorkBudget = createWorkBudget()): void {
    const pieces: Found[] = []
    const failed: Gathered[] = []
    const open = ({ found, problems }: ReturnType<typeof readFile>): void => {
      failed.push(...problems.map((error) => unreadable(error, file.name)))
      for (const piece of found) {
        if (!piece.locked) pieces.push(piece)
        else if (passphrase === undefined) failed.push(locked(piece))
        else opened(piece, piece.locked)
      }
    }
    const opened = (piece: Found, { open: unlock }: NonNullable<Found['locked']>): void => {
      try {
        open(unlock(passphrase ?? '', budget))
      } catch (error) {
        if (!(error instanceof EdgekeepError)) throw error
        failed.push({ kind: 'locked', title: piece.title, place: piece.place, error })
      }
    }
    try {
      open(readFile(file, budget))
    } catch (error) {
      if (error instanceof NotYet) for (const { key } of pieces) key?.pkcs8[Symbol.dispose]()
      throw error
    }
    pieces.forEach(hold)
    failures.push(...failed)
  }

  function results(): Gathered[] {
    const all = [...certificates.values()]
    const bySubject = Map.groupBy(all, ({ certificate }) => certificate.subject.key)
    const keyOf = (piece: WithCertificate) => keys.get(piece.certificate.facts.publicKey.spkiSha256)
    const judged = all.flatMap((piece): Gathered[] => {
      const key = keyOf(piece)
      if (key) return [judge(piece, key, bySubject, all)]
      return piece.certificate.facts.isCa ? [] : [noKey(piece)]
    })
    const paired = new Set(all.map(({ certificate }) => certificate.facts.publicKey.spkiSha256))
    const lone = [...keys].flatMap(([spki, key]) => (paired.has(spki) ? [] : [noCertificate(key)]))
    return [...judged, ...lone, ...failures]
  }

  function wipe(): void {
    for (const { key } of keys.values()) key?.pkcs8[Symbol.dispose]()
    keys.clear()
    certificates.clear()
  }

  return { add, results, [Symbol.dispose]: wipe }
}

function hasCertificate(piece: IntakePiece): piece is WithCertificate {
  return piece.certificate !== undefined
}

function judge(
  leaf: WithCertificate,
  key: IntakePiece,
  bySubject: Map<string, WithCertificate[]>,
  all: WithCertificate[],
): Gathered {
  const { place, title } = leaf
  const { facts } = leaf.certificate
  if (facts.isCa && hasSigned(leaf, all)) {
    const reason = 'it is an authority that has signed others of these'
    return {
      kind: 'refused',
      title,
      leaf: facts,
      place,
      error: new EdgekeepError('certificate.weak', { place, reason }),
    }
  }
  const above = issuersAbove(leaf, bySubject)
  const { chain, root } = createChainFinder([leaf, ...above]).chainOf(leaf)
  const ids = { leaf: leaf.id, chain: chain.map(({ id }) => id), key: key.id }
  const bundle: Bundle = { ...ids, ...(root ? { root: root.id } : {}) }
  const pieces = [leaf, key, ...above]
  const error = bundleFault(pieces, bundle)
  if (error) return { kind: 'refused', title, leaf: facts, place, error }
  return { kind: 'pair', leaf: facts, place, material: () => material(pieces, bundle) }
}

function hasSigned(authority: WithCertificate, all: WithCertificate[]): boolean {
  const { key } = authority.certificate.subject
  const named = all.filter((piece) => piece !== authority && piece.certificate.issuer.key === key)
  return named.some((piece) => createChainFinder([authority, piece]).issuersOf(piece).length > 0)
}

/** All possible issuers above `leaf`, by name alone. */
function issuersAbove(leaf: WithCertificate, bySubject: Map<string, WithCertificate[]>): WithCertificate[] {
  const found = new Set<WithCertificate>()
  const names = [leaf.certificate.issuer.key]
  for (const name of names) {
    for (const issuer of (bySubject.get(name) ?? []).slice(0, issuersOfOneName)) {
      if (issuer === leaf || found.has(issuer)) continue
      found.add(issuer)
      if (!names.includes(issuer.certificate.issuer.key)) names.push(issuer.certificate.issuer.key)
    }
  }
  return [...found]
}

function noKey({ title, place, certificate }: WithCertificate): Gathered {
  const error = new EdgekeepError('certificate.no_private_key', {})
  return { kind: 'no-key', title, leaf: certificate.facts, place, error }
}

function noCertificate({ title, place }: IntakePiece): Gathered {
  return { kind: 'no-certificate', title, place, error: new EdgekeepError('certificate.missing', {}) }
}

function locked({ title, place }: Found): Gathered {
  return { kind: 'locked', title, place, error: new EdgekeepError('key.encrypted', { place }) }
}

function unreadable(error: EdgekeepError, file: string): Gathered {
  const place = (error.data as { place?: Place }).place ?? { file }
  // Folders of certificates contain a README or a script, which is not an error.
  const isOther = error.code === 'input.nothing_found' || error.code === 'input.other_content'
  return { kind: isOther ? 'skipped' : 'unreadable', title: file, place, error }
}
