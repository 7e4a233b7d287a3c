import { wipedTogether } from '../../domain/secret-bytes.ts'
import { setImmediate as others } from 'node:timers/promises'
import type { Effect } from '../../contract/domains/domains.ts'
import { problemOf } from '../../contract/errors/registry.ts'
import type { ImportEvent, ImportResult } from '../../contract/certificates/records.ts'
import { createGathering, type Gathered, type Gathering } from '../../pki/intake/gathering.ts'
import { withKeyWork } from '../../pki/formats/key-work.ts'
import type { InputFile } from '../../pki/intake/intake.ts'
import { certificateFact, storeCertificate } from './certificates.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import { gcAtEnd } from '../core/schedule-gc.ts'
import type { Core } from '../core/core.ts'
import { withRequestedKey } from './requested-key.ts'

export interface ManyFiles {
  /** Read one at a time; bytes are zeroed after parsing. */
  files: (() => Promise<InputFile[]>)[]
  allOrNothing: boolean
  passphrase?: string
}

export type Pair = Extract<Gathered, { kind: 'pair' }>

/** Pairs per change: few enough for other calls to run, enough to be quick. */
const atOnce = 20
const filesPerStep = 10

/**
 * Reads all files, then stores every pair of certificate and key and yields each result. An abort of `signal`
 * leaves the pairs stored so far.
 */
export async function* importMany(
  parts: Core,
  { files, allOrNothing, passphrase }: ManyFiles,
  signal?: AbortSignal,
): AsyncGenerator<ImportEvent> {
  parts.vault.requireUnlocked()
  using _gc = gcAtEnd()
  using gathering = createGathering(passphrase)
  for (const [index, read] of files.entries()) {
    await readInto(gathering, read, signal)
    // Yields to other calls: parsing one file may block the thread for some time.
    await others()
    if (signal?.aborted) return
    if ((index + 1) % filesPerStep !== 0 && index + 1 < files.length) continue
    yield { type: 'progress', stage: 'reading', done: index + 1, total: files.length }
  }
  for (const { kind, leaf } of gathering.results()) {
    if (kind !== 'no-key' || !leaf) continue
    withRequestedKey(parts, leaf.publicKey.spkiSha256, (file) => gathering.add(file))
  }
  const found = gathering.results()
  const pairs = found.filter((one) => one.kind === 'pair')
  const rest = found.filter((one) => one.kind !== 'pair')
  const skipped = rest.filter(({ kind }) => kind === 'skipped').length
  const failures = rest.length - skipped
  const isLeft = allOrNothing && failures > 0
  const counts = { imported: 0, there: 0, effect: null as Effect | null }
  const left = isLeft ? pairs.map((pair) => resultOf(pair, 'left-out', null)) : []
  for (const batch of isLeft ? [] : batches(pairs, allOrNothing ? pairs.length : atOnce)) {
    // A change without an edge takes no turn of its own, and only between turns is a caller seen to leave.
    await others()
    if (signal?.aborted) return
    const { results, effect } = await keep(parts, batch)
    counts.effect = effect ?? counts.effect
    for (const result of results) {
      counts[result.outcome === 'imported' ? 'imported' : 'there'] += 1
      yield { type: 'result', result }
    }
    const done = counts.imported + counts.there
    yield { type: 'progress', stage: 'storing', done, total: pairs.length }
  }
  for (const result of [...left, ...rest.map(failureOf)]) yield { type: 'result', result }
  yield { type: 'done', summary: { ...counts, failed: failures + left.length, skipped } }
}

/** Reads files into `gathering` and wipes them. */
export async function readInto(
  gathering: Gathering,
  read: () => Promise<InputFile[]>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const files = await read()
  using _bytes = wipedTogether(files.map(({ bytes }) => bytes))
  try {
    for (const file of files) await withKeyWork({ signal }, (budget) => gathering.add(file, budget))
  } catch (error) {
    if (!signal?.aborted) throw error
  }
}

function batches(pairs: Pair[], size: number): Pair[][] {
  const starts = Array.from(
    { length: Math.ceil(pairs.length / Math.max(size, 1)) },
    (_, index) => index * size,
  )
  return starts.map((start) => pairs.slice(start, start + size))
}

/** Stores the pairs in one change, or in none if all exist. */
async function keep(parts: Core, pairs: Pair[]): Promise<{ results: ImportResult[]; effect: Effect | null }> {
  const known = pairs.map(({ leaf }) => parts.vault.certificates.findByFingerprint(leaf.fingerprintSha256))
  if (known.every((row) => row?.kept)) {
    const results = pairs.map((pair, index) => resultOf(pair, 'there', known[index] ?? null))
    return { results, effect: null }
  }
  const { done, effect } = await commit(parts, () => {
    const imported = pairs.map((pair) => keepOne(parts, pair))
    return { kept: imported, record: imported.flatMap(({ record }) => record) }
  })
  return { results: done.kept.map(({ result }) => result), effect }
}

/** Stores a pair, unless it is there; inside a change. */
export function keepOne(parts: Core, pair: Pair): { result: ImportResult; record: ChangeRecord[] } {
  const { vault } = parts
  const known = vault.certificates.findByFingerprint(pair.leaf.fingerprintSha256)
  if (known) {
    const result = resultOf(pair, 'there', known)
    if (known.kept) return { result, record: [] }
    vault.certificates.setKept(known.id, true)
    const record = { action: 'certificate.keep', subject: known.id, before: false, after: true }
    return { result, record: [record] }
  }
  const material = pair.material()
  using _key = material.keyPem
  const row = storeCertificate(parts, material, { kind: 'uploaded', kept: true })
  const after = certificateFact(row)
  const record = { action: 'certificate.import', subject: row.id, before: null, after }
  return { result: resultOf(pair, 'imported', row), record: [record] }
}

function resultOf(
  { leaf, place }: Pair,
  outcome: ImportResult['outcome'],
  row: { id: string; name: string } | null,
): ImportResult {
  const certificate = row && { id: row.id, name: row.name }
  const { title, notAfter } = leaf
  return { outcome, title, names: namesOf(leaf), notAfter, place, certificate, problem: null }
}

export function failureOf({ kind, title, leaf, place, error }: Exclude<Gathered, Pair>): ImportResult {
  const names = leaf ? namesOf(leaf) : []
  const notAfter = leaf?.notAfter ?? null
  return { outcome: kind, title, names, notAfter, place, certificate: null, problem: problemOf(error) }
}

function namesOf({ names }: Pair['leaf']): string[] {
  return [...names.dns, ...names.ip]
}
