import type { CertificateFacts, IntakeReport } from '../../../contract/certificate-facts.ts'
import { EdgekeepError, problemOf } from '../../../contract/errors.ts'
import { assemble } from './assemble.ts'
import { cleanDiff } from './clean-diff.ts'
import { toPem, toPemBytes } from '../formats/convert.ts'
import { fixesOf } from './fixes.ts'
import type { Found, Reading } from '../formats/found.ts'
import { type Assembly, type IntakePiece, reportPiece } from './intake-piece.ts'
import { limits } from '../limits.ts'
import { type InputFile, readFile } from '../formats/read-file.ts'
import { compareKeys, decide, type Verdict } from './verdict.ts'
import { createWorkBudget, NotYet, type WorkBudget } from '../work-budget.ts'

export type { InputFile } from '../formats/read-file.ts'

/** What the edge is given: clean, leaf first, no root. `keyPem` is the caller's to zero. */
export interface ServableMaterial {
  chainPem: string
  chainDer: Uint8Array[]
  leaf: CertificateFacts
  keyPem: Buffer
}

/** Files that were read, held until `destroy`. Keys stay inside; the report shows only facts. */
export interface Intake {
  /** Made anew after `add` and `unlock`. */
  readonly report: IntakeReport
  /**
   * What could not be read: the errors behind `report.problems`, and `input.locked` for an archive for
   * which no passphrase was given. A verdict on the rest is not one on all that was given.
   */
  unread(): EdgekeepError[]
  add(files: InputFile[], budget?: WorkBudget): void
  /** Forgets all that came of files of that name, and zeroes its keys. */
  remove(file: string): void
  /** @throws EdgekeepError `key.wrong_passphrase`, `key.malformed`, `key.unsupported_encryption`; NotYet where `budget` does */
  unlock(pieceId: string, passphrase: string, budget?: WorkBudget): void
  /** @throws EdgekeepError the one that `report.notServable` names */
  servable(): ServableMaterial
  /** DER of the certificates that were found, by piece id, in the order of the input. */
  certificates(): Map<string, Uint8Array>
  /** DER of the revocation lists that were found. */
  revocationLists(): Map<string, Uint8Array>
  /** DER of the certificates, requests and revocation lists: what can be shown to the last byte. */
  publicStructures(): Map<string, Uint8Array>
  /** Zeroes every key. */
  destroy(): void
}

/**
 * Reads files in any form and order. Never throws for what is in them: problems go in the
 * report. A passphrase is tried on everything that is locked.
 */
export function openIntake(
  files: InputFile[],
  options: { passphrase?: string | undefined; budget?: WorkBudget } = {},
): Intake {
  const pieces: IntakePiece[] = []
  let problems: EdgekeepError[] = []
  let judged: Outcome | undefined
  let nextId = 1
  let bytesRead = 0

  /** Made when it is asked for, and anew after every change. */
  function outcome(): Outcome {
    return (judged ??= judge(pieces, problems))
  }

  function hold(found: Found, wasLocked: boolean): void {
    if (pieces.length === limits.pieces) return tooMany('pieces', limits.pieces)
    const duplicate = pieces.some((piece) => isSame(piece, found))
    pieces.push({ ...found, id: `p${nextId++}`, duplicate, wasLocked })
  }

  /** Said once: the rest is left out. */
  function tooMany(what: string, limit: number): void {
    const reason = `There are more than ${limit} ${what}; the first ${limit} are read.`
    if (problems.some(({ message }) => message === reason)) return
    problems.push(new EdgekeepError('input.invalid', { reason }))
  }

  function take({ found, problems: more }: Reading): void {
    problems.push(...more)
    found.forEach((piece) => hold(piece, false))
  }

  function open(piece: IntakePiece, passphrase: string, budget: WorkBudget): void {
    const { found, problems: more } = (piece.locked as NonNullable<IntakePiece['locked']>).open(
      passphrase,
      budget,
    )
    problems = problems.filter((problem) => !isAbout(problem, piece))
    problems.push(...more)
    judged = undefined
    delete piece.locked
    if (piece.kind === 'archive') return found.forEach((inner) => hold(inner, true))
    const [key] = found
    if (key)
      Object.assign(piece, key, {
        wasLocked: true,
        duplicate: pieces.some((p) => p !== piece && isSame(p, key)),
      })
  }

  function tryToOpen(piece: IntakePiece, passphrase: string, budget: WorkBudget): void {
    try {
      open(piece, passphrase, budget)
    } catch (error) {
      // What is not done yet stays locked; whoever gave the budget comes again.
      if (error instanceof NotYet) return
      if (!(error instanceof EdgekeepError)) throw error
      problems = [...problems.filter((problem) => !isAbout(problem, piece)), error]
    }
  }

  function add(more: InputFile[], budget: WorkBudget = createWorkBudget()): void {
    if (more.length > limits.files) tooMany('files', limits.files)
    for (const file of more.slice(0, limits.files)) {
      bytesRead += file.bytes.length
      take(bytesRead > limits.totalBytes ? tooMuch(file, bytesRead) : readFile(file, budget))
    }
    judged = undefined
  }

  function remove(file: string): void {
    const isOf = ({ place }: { place?: IntakePiece['place'] | undefined }) => place?.file === file
    for (const piece of pieces.filter(isOf)) piece.key?.pkcs8.fill(0)
    const left = pieces.filter((piece) => !isOf(piece))
    pieces.length = 0
    // What was there twice is there once, when the other is gone.
    for (const piece of left) pieces.push({ ...piece, duplicate: pieces.some((one) => isSame(one, piece)) })
    problems = problems.filter((problem) => !isOf(problem.data as { place?: IntakePiece['place'] }))
    judged = undefined
  }

  add(files, options.budget)
  if (options.passphrase !== undefined) {
    const budget = options.budget ?? createWorkBudget()
    for (const piece of pieces.filter(({ locked }) => locked)) tryToOpen(piece, options.passphrase, budget)
    judged = undefined
  }

  return {
    get report() {
      return outcome().report
    },
    add,
    remove,
    unlock(pieceId, passphrase, budget = createWorkBudget()) {
      const piece = pieces.find(({ id, locked }) => id === pieceId && locked)
      if (!piece)
        throw new EdgekeepError('input.invalid', { reason: `There is nothing locked called ${pieceId}.` })
      open(piece, passphrase, budget)
    },
    servable() {
      const { verdict } = outcome()
      if ('notServable' in verdict) throw verdict.notServable
      return material(pieces, verdict.servable)
    },
    unread: () => [...problems, ...pieces.filter(isShut).map(({ place }) => lockedAt(place))],
    certificates: () => bytesOf(pieces, ({ certificate }) => certificate?.x509.raw),
    revocationLists: () => bytesOf(pieces, ({ revocationListDer }) => revocationListDer),
    publicStructures: () =>
      bytesOf(pieces, ({ certificate, requestDer, revocationListDer }) => {
        return certificate?.x509.raw ?? requestDer ?? revocationListDer
      }),
    destroy() {
      for (const piece of pieces) piece.key?.pkcs8.fill(0)
      pieces.length = 0
      problems = []
      judged = undefined
    },
  }

  /** A locked archive that no passphrase was tried on; one that was has its own problem. */
  function isShut(piece: IntakePiece): boolean {
    return (
      piece.kind === 'archive' && piece.locked !== undefined && !problems.some((one) => isAbout(one, piece))
    )
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
  { leaf, chain, key }: NonNullable<IntakeReport['servable']>,
): ServableMaterial {
  const byId = new Map(pieces.map((piece) => [piece.id, piece]))
  const certificates = [leaf, ...chain].map(
    (id) => byId.get(id)?.certificate as NonNullable<IntakePiece['certificate']>,
  )
  const chainDer = certificates.map(({ der }) => der)
  const leafKey = byId.get(key as string)?.key as NonNullable<IntakePiece['key']>
  return {
    chainPem: chainDer.map((der) => toPem(der)).join(''),
    chainDer,
    leaf: (certificates[0] as NonNullable<IntakePiece['certificate']>).facts,
    keyPem: toPemBytes(leafKey.pkcs8, 'PRIVATE KEY'),
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
