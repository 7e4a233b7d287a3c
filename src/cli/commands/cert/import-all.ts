import type { Client } from '../../../client/client.ts'
import { EdgekeepError, formatPlace, problemOf } from '../../../contract/errors/registry.ts'
import type { ImportEvent, ImportResult, ImportSummary } from '../../../contract/certificates/records.ts'
import { count, formatNumber } from '../../../contract/text/count.ts'
import { asUploads } from '../../input/files.ts'
import { readFolders, type UnreadableFile } from '../../input/folders.ts'
import { adviceAfter } from './import-advice.ts'
import { table, formatEffect } from '../../output/format.ts'
import { abortAtInterrupt } from '../../input/abort-at-interrupt.ts'
import { Interruption, type Result, type Session } from '../../frame/command.ts'
import { givenPassphrase, type PassphraseOptions } from '../../input/passphrase.ts'
import { formatEarlyEnd, streamedResults } from '../../output/streamed-results.ts'

export interface ImportAllOptions extends PassphraseOptions {
  allOrNothing?: boolean
}

/** Imports all files below the folders, with a progress line at a terminal and a row for each result. */
export async function importAll(
  { client }: Session,
  paths: string[],
  options: ImportAllOptions,
): Promise<Result> {
  const { files, unreadable } = readFolders(paths)
  const lost = unreadable.map(asResult)
  const stops = lost.length > 0 && options.allOrNothing === true
  const nothing = {
    results: [],
    summary: { imported: 0, there: 0, failed: 0, skipped: 0, effect: null },
    error: null,
  }
  const uploads = asUploads(files)
  const done = stops || files.length === 0 ? nothing : await importUploads(client, uploads, options)
  const results = [...done.results, ...lost]
  const summary = { ...done.summary, failed: done.summary.failed + lost.length }
  const imported = results.flatMap(({ outcome, certificate }) =>
    outcome === 'imported' && certificate ? [certificate.id] : [],
  )
  const { error } = done
  const advice = error ? { data: {}, lines: earlyEndOf(error) } : await adviceAfter(client, imported)
  return answer(results, summary, { advice, error })
}

async function importUploads(
  client: Client,
  files: File[],
  options: ImportAllOptions,
): Promise<{ results: ImportResult[]; summary: ImportSummary; error: EdgekeepError | null }> {
  const { allOrNothing } = options
  const passphrase = givenPassphrase(options)
  const startedAt = new Date().toISOString()
  using stop = abortAtInterrupt('Stopping.')
  const events = await client.certificates.importMany(
    { files, allOrNothing, passphrase },
    { signal: stop.signal },
  )
  const { items, error } = await streamedResults(events, formatProgress)
  const results = items.flatMap((event) => (event.type === 'result' ? [event.result] : []))
  const summary = items.find((event) => event.type === 'done')?.summary
  if (summary) return { results, summary, error: null }
  const early =
    error ?? new EdgekeepError('engine.unreachable', { reason: 'the import ended before its end' })
  return {
    results,
    summary: summaryOf(results),
    error: stop.signal.aborted ? await interruptionAfter(client, startedAt) : early,
  }
}

const nouns = { reading: 'file', storing: 'certificate' } as const

function formatProgress(event: ImportEvent): string | null {
  if (event.type !== 'progress') return null
  const { stage, done, total } = event
  return `${stage} ${formatNumber(done)} of ${count(total, nouns[stage])}`
}

/** Counts in the vault: results of the last certificates may not have arrived before Ctrl-C. */
async function interruptionAfter(client: Client, startedAt: string): Promise<Interruption> {
  const certificates = await client.certificates.list()
  const imported = certificates.filter(({ addedAt }) => addedAt >= startedAt).length
  if (imported === 0) return new Interruption('Nothing was imported.')
  return new Interruption(
    `Stopped: ${count(imported, 'certificate')} imported, each whole. The same command imports the rest.`,
  )
}

/** Sums of an import that ended early. */
function summaryOf(results: readonly ImportResult[]): ImportSummary {
  const countOf = (wanted: ImportResult['outcome']) =>
    results.filter(({ outcome }) => outcome === wanted).length
  const [imported, there, skipped] = [countOf('imported'), countOf('there'), countOf('skipped')]
  return {
    ...{ imported, there, skipped, effect: null },
    failed: results.length - imported - there - skipped,
  }
}

function answer(
  results: ImportResult[],
  summary: ImportSummary,
  { advice, error }: { advice: Awaited<ReturnType<typeof adviceAfter>>; error: EdgekeepError | null },
): Result {
  const { failed, effect } = summary
  const lines = [
    ...(error && results.length === 0
      ? []
      : [
          table(['RESULT', 'WHAT', 'WHERE', 'WHY'], results.map(cells), 'There is no file in it.'),
          formatSummary(summary),
        ]),
    ...advice.lines,
    ...(effect ? [formatEffect(effect)] : []),
  ]
  const no = error ?? (failed > 0 ? new EdgekeepError('certificate.not_all_imported', { failed }) : undefined)
  return { data: { results, summary, ...advice.data }, text: lines.join('\n'), no }
}

function formatSummary({ imported, there, failed, skipped }: ImportSummary): string {
  const [some, known, lost, left] = [imported, there, failed, skipped].map((number) => formatNumber(number))
  return `${some} imported, ${known} there already, ${lost} not imported, ${left} skipped.`
}

function earlyEndOf(error: EdgekeepError): string[] {
  return error instanceof Interruption ? [error.message] : formatEarlyEnd(error)
}

const outcomes: Record<ImportResult['outcome'], string> = {
  imported: 'imported',
  there: 'there already',
  'no-key': 'no key',
  'no-certificate': 'no certificate',
  locked: 'locked',
  unreadable: 'unreadable',
  refused: 'refused',
  'left-out': 'left out',
  skipped: 'skipped',
}

function cells({ outcome, title, names, place, problem }: ImportResult): string[] {
  const [first, ...more] = names
  const what = first ? `${first}${more.length > 0 ? ` and ${more.length} more` : ''}` : title
  const why = outcome === 'left-out' ? 'others could not be imported' : (problem?.message ?? '')
  return [outcomes[outcome], what, formatPlace(place), why]
}

function asResult({ name, error }: UnreadableFile): ImportResult {
  return {
    outcome: 'unreadable',
    title: name,
    names: [],
    notAfter: null,
    place: { file: name },
    certificate: null,
    problem: problemOf(error),
  }
}
