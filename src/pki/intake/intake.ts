import type { CertificateFacts, IntakeReport } from '../../contract/inspect/certificate-facts.ts'
import { EdgekeepError, formatPlace, problemOf } from '../../contract/errors/registry.ts'
import { assemble } from './assemble.ts'
import { cleanDiff } from './line-diff.ts'
import { SecretBytes } from '../../domain/secret-bytes.ts'
import { toPem, toPemBytes } from '../formats/convert.ts'
import { fixesOf } from './fixes.ts'
import type { Found, Reading } from '../formats/found.ts'
import { type Assembly, type IntakePiece, reportPiece } from './intake-piece.ts'
import { testPair } from './key-pair.ts'
import { limits } from '../limits.ts'
import { type InputFile, readFile } from '../formats/read-file.ts'
import { compareKeys, decide, type Verdict } from './verdict.ts'
import { createWorkBudget, NotYet, type WorkBudget } from '../work-budget.ts'

export type { InputFile } from '../formats/read-file.ts'

/** Material for the edge: clean, leaf first, no root. */
export interface ServableMaterial {
  chainPem: string
  chainDer: Uint8Array[]
  leaf: CertificateFacts
  keyPem: SecretBytes
  /** Root above the chain, if it came along: a private one can be trusted later. */
  rootPem?: string | undefined
}

export interface OcspBeside {
  file: string
  der: Uint8Array
}

/** Parsed files, in memory until disposal, which wipes every key. Keys are never exposed; the report has only facts. */
export interface Intake extends Disposable {
  /** Rebuilt after `add` and `unlock`. */
  readonly report: IntakeReport
  /**
   * Reading errors: those behind `report.problems`, and `input.locked` for each archive without a passphrase
   * so far. With any, a verdict covers only part of the input.
   */
  unread(): EdgekeepError[]
  add(files: InputFile[], budget?: WorkBudget): void
  /** Removes all pieces of files of that name, and zeroes its keys. */
  remove(file: string): void
  /** @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`, `key.unsupported_encryption`; NotYet where `budget` does */
  unlock(pieceId: string, passphrase: string, budget?: WorkBudget): void
  /** @throws EdgekeepError the one that `report.notServable` names */
  servable(): ServableMaterial
  /** DER of the certificates, by piece id, in input order. */
  certificates(): Map<string, Uint8Array>
  revocationLists(): Map<string, Uint8Array>
  /** OCSP responses, each with its file. */
  ocspResponses(): OcspBeside[]
  /** DER of the certificates, requests and revocation lists: structures without secrets. */
  publicStructures(): Map<string, Uint8Array>
  /** Tries the passphrase on every locked piece; a wrong one becomes a problem of the report. */
  unlockAll(passphrase: string, budget?: WorkBudget): void
  /**
   * Wipes the keys of an intake that only has to answer questions, after a test against their public halves;
   * nothing can be served from it then. Beyond `mostTested` keys the rest stays until disposal, because each
   * test is a signature.
   */
  forgetKeys(): void
}

const mostTested = 8

/**
 * Reads files in any form and order. Never throws for their content: problems go in the report. A passphrase
 * is tried on every locked piece.
 */
export function openIntake(
  files: InputFile[],
  { passphrase, budget }: { passphrase?: string; budget?: WorkBudget } = {},
): Intake {
  const intake = new OpenIntake()
  intake.add(files, budget)
  if (passphrase !== undefined) intake.unlockAll(passphrase, budget)
  return intake
}

class OpenIntake implements Intake {
  #pieces: IntakePiece[] = []
  #problems: EdgekeepError[] = []
  #outcome: Outcome | undefined
  #nextId = 1
  #bytesRead = 0

  get report(): IntakeReport {
    return this.#judged().report
  }

  add(files: InputFile[], budget: WorkBudget = createWorkBudget()): void {
    if (files.length > limits.files) this.#tooMany('files', limits.files)
    for (const file of files.slice(0, limits.files)) {
      this.#bytesRead += file.bytes.length
      const isTooMuch = this.#bytesRead > limits.totalBytes
      const { found, problems } = isTooMuch ? tooMuch(file, this.#bytesRead) : readFile(file, budget)
      this.#problems.push(...problems)
      for (const piece of found) this.#hold(piece, false)
    }
    this.#outcome = undefined
  }

  remove(file: string): void {
    const isOf = ({ place }: { place?: IntakePiece['place'] }) => place?.file === file
    for (const piece of this.#pieces.filter(isOf)) piece.key?.pkcs8[Symbol.dispose]()
    const left = this.#pieces.filter((piece) => !isOf(piece))
    // Duplicates of a removed piece become the first.
    this.#pieces = []
    for (const piece of left) this.#pieces.push({ ...piece, duplicate: this.#isThere(piece) })
    this.#problems = this.#problems.filter(({ data }) => !isOf(data as { place?: IntakePiece['place'] }))
    this.#outcome = undefined
  }

  unlock(pieceId: string, passphrase: string, budget: WorkBudget = createWorkBudget()): void {
    const piece = this.#pieces.find(({ id, locked }) => id === pieceId && locked)
    if (!piece)
      throw new EdgekeepError('input.invalid', { reason: `There is nothing locked called ${pieceId}.` })
    this.#open(piece, passphrase, budget)
  }

  unlockAll(passphrase: string, budget: WorkBudget = createWorkBudget()): void {
    for (const piece of this.#pieces.filter(({ locked }) => locked)) this.#tryOn(piece, passphrase, budget)
    this.#outcome = undefined
  }

  servable(): ServableMaterial {
    const { verdict } = this.#judged()
    if ('notServable' in verdict) throw verdict.notServable
    return material(this.#pieces, verdict.servable)
  }

  unread(): EdgekeepError[] {
    const shut = this.#pieces.filter((piece) => this.#isShut(piece))
    return [...this.#problems, ...shut.map(({ place }) => lockedAt(place))]
  }

  certificates(): Map<string, Uint8Array> {
    return bytesOf(this.#pieces, ({ certificate }) => certificate?.der)
  }

  revocationLists(): Map<string, Uint8Array> {
    return bytesOf(this.#pieces, ({ revocationListDer }) => revocationListDer)
  }

  ocspResponses(): OcspBeside[] {
    return this.#pieces.flatMap(({ place, ocspDer }) =>
      ocspDer ? { file: place.file ?? formatPlace(place), der: ocspDer } : [],
    )
  }

  publicStructures(): Map<string, Uint8Array> {
    return bytesOf(this.#pieces, ({ certificate, requestDer, revocationListDer }) => {
      return certificate?.der ?? requestDer ?? revocationListDer
    })
  }

  forgetKeys(): void {
    const keys = this.#pieces.flatMap(({ key }) => key ?? [])
    for (const key of keys.slice(0, mostTested)) {
      testPair(key)
      key.pkcs8[Symbol.dispose]()
    }
  }

  [Symbol.dispose](): void {
    for (const piece of this.#pieces) piece.key?.pkcs8[Symbol.dispose]()
    this.#pieces = []
    this.#problems = []
    this.#outcome = undefined
  }

  /** Computed lazily, after every change. */
  #judged(): Outcome {
    return (this.#outcome ??= judge(this.#pieces, this.#problems))
  }

  #hold(found: Found, wasLocked: boolean): void {
    if (this.#pieces.length === limits.pieces) return this.#tooMany('pieces', limits.pieces)
    this.#pieces.push({ ...found, id: `p${this.#nextId++}`, duplicate: this.#isThere(found), wasLocked })
  }

  #isThere(found: Found): boolean {
    return this.#pieces.some((piece) => piece !== found && isSame(piece, found))
  }

  /** Reports the limit once; the rest is omitted. */
  #tooMany(what: string, limit: number): void {
    const reason = `There are more than ${limit} ${what}; the first ${limit} are read.`
    if (this.#problems.some(({ message }) => message === reason)) return
    this.#problems.push(new EdgekeepError('input.invalid', { reason }))
  }

  #tryOn(piece: IntakePiece, passphrase: string, budget: WorkBudget): void {
    try {
      this.#open(piece, passphrase, budget)
    } catch (error) {
      // Pending work leaves the piece locked; the owner of the budget retries.
      if (error instanceof NotYet) return
      if (!(error instanceof EdgekeepError)) throw error
      this.#problems = [...this.#problems.filter((problem) => !isAbout(problem, piece)), error]
    }
  }

  #open(piece: IntakePiece, passphrase: string, budget: WorkBudget): void {
    const locked = piece.locked as NonNullable<IntakePiece['locked']>
    const { found, problems } = locked.open(passphrase, budget)
    this.#problems = [...this.#problems.filter((problem) => !isAbout(problem, piece)), ...problems]
    this.#outcome = undefined
    delete piece.locked
    if (piece.kind === 'archive') return found.forEach((inner) => this.#hold(inner, true))
    const [key] = found
    if (!key) return
    const others = this.#pieces.filter((one) => one !== piece)
    Object.assign(piece, key, { wasLocked: true, duplicate: others.some((one) => isSame(one, key)) })
  }

  /** A locked archive without a passphrase so far; after a failed one it has a problem of its own. */
  #isShut(piece: IntakePiece): boolean {
    const isTried = this.#problems.some((problem) => isAbout(problem, piece))
    return piece.kind === 'archive' && piece.locked !== undefined && !isTried
  }
}

function lockedAt(place: IntakePiece['place']): EdgekeepError {
  return new EdgekeepError('input.locked', { place })
}

interface Outcome {
  report: IntakeReport
  verdict: Verdict
}

function judge(pieces: IntakePiece[], problems: EdgekeepError[]): Outcome {
  const assembly = assemble(pieces)
  const verdict = decide(pieces, assembly, problems)
  const servable = 'servable' in verdict ? verdict.servable : null
  const report: IntakeReport = {
    pieces: pieces.map(reportPiece),
    problems: problems.map(problemOf),
    fixes: fixesOf(pieces, assembly, servable ?? undefined),
    bundles: assembly.bundles,
    orphans: orphansOf(pieces, assembly),
    keyMatch: compareKeys(pieces, assembly),
    servable,
    clean: servable && cleanDiff(pieces, problems, servable),
    notServable: 'notServable' in verdict ? problemOf(verdict.notServable) : null,
  }
  return { report, verdict }
}

function orphansOf(pieces: IntakePiece[], { bundles }: Assembly): string[] {
  const placed = new Set(bundles.flatMap(({ leaf, chain, key }) => [leaf, ...chain, key]))
  return pieces.map(({ id }) => id).filter((id) => !placed.has(id))
}

export function material(
  pieces: IntakePiece[],
  { leaf, chain, key, root }: NonNullable<IntakeReport['servable']>,
): ServableMaterial {
  const byId = new Map(pieces.map((piece) => [piece.id, piece]))
  const certificates = [leaf, ...chain].map(
    (id) => byId.get(id)?.certificate as NonNullable<IntakePiece['certificate']>,
  )
  const chainDer = certificates.map(({ der }) => der)
  const rootDer = byId.get(root ?? '')?.certificate?.der
  const leafKey = byId.get(key as string)?.key as NonNullable<IntakePiece['key']>
  return {
    chainPem: chainDer.map((der) => toPem(der)).join(''),
    chainDer,
    leaf: (certificates[0] as NonNullable<IntakePiece['certificate']>).facts,
    keyPem: new SecretBytes(toPemBytes(leafKey.pkcs8.bytes, 'PRIVATE KEY')),
    rootPem: rootDer && toPem(rootDer),
  }
}

function bytesOf(
  pieces: IntakePiece[],
  bytes: (piece: IntakePiece) => Uint8Array | undefined,
): Map<string, Uint8Array> {
  return new Map(pieces.map((piece) => [piece.id, bytes(piece)] as const).filter(hasBytes))
}

function hasBytes(entry: readonly [string, Uint8Array | undefined]): entry is readonly [string, Uint8Array] {
  return entry[1] !== undefined
}

function isSame(held: IntakePiece, found: Found): boolean {
  if (found.certificate) {
    return held.certificate?.facts.fingerprintSha256 === found.certificate.facts.fingerprintSha256
  }
  return found.key !== undefined && held.key?.publicKey.spkiSha256 === found.key.publicKey.spkiSha256
}

function isAbout(problem: EdgekeepError, piece: IntakePiece): boolean {
  const { place } = problem.data as { place?: IntakePiece['place'] }
  return place?.file === piece.place.file && place?.block === piece.place.block
}

function tooMuch(file: InputFile, bytesRead: number): Reading {
  const place = { file: file.name }
  const error = new EdgekeepError('input.too_large', {
    place,
    sizeBytes: bytesRead,
    limitBytes: limits.totalBytes,
  })
  return { found: [], problems: [error] }
}
