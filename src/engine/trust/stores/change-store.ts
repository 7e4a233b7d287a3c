import type { TrustOutcome } from '../../../contract/trust/trust.ts'
import {
  lookBefore,
  openJournal,
  restoreBefore,
  sumOf,
  sumOfBytes,
  type Before,
  type ChangeRecord,
  type Journal,
} from './journal.ts'
import type { WantedRoots } from './roots.ts'
import { fileSentence, type TrustStore } from './store.ts'

type Result = Pick<TrustOutcome, 'outcome' | 'sentence'>

interface ChangeParts {
  journal: Journal
  wanted: WantedRoots
  clock: () => Date
}

export function changeParts(folder: string, wanted: WantedRoots, clock: () => Date): ChangeParts {
  return { journal: openJournal(folder), wanted, clock }
}

/**
 * Installs the authority in one store of the user, reads it back and journals the files' former bytes. A
 * failure restores the store. Never throws for errors of the store.
 */
export async function installIn(store: TrustStore, parts: ChangeParts): Promise<Result> {
  const { journal, wanted, clock } = parts
  let before: Before | undefined
  try {
    const obstacle = await store.obstacle()
    if (obstacle) return { outcome: 'failed', sentence: obstacle.sentence }
    const earlier = journal.of(store.id)
    before = lookBefore(store.files(wanted))
    await store.put(wanted)
    const { state, sentence } = await store.read(wanted)
    if (state !== 'trusted') throw new Error(`It was written, and then this was read: ${sentence}`)
    journal.write(recordOf(store, { wanted, before, earlier, at: clock() }))
    return { outcome: 'done', sentence }
  } catch (error) {
    return { outcome: 'failed', sentence: putBack(before, error) }
  }
}

/** Undoes a change: byte for byte if nobody else has changed the files since. */
export async function undoIn(store: TrustStore, parts: ChangeParts): Promise<Result> {
  const { journal, wanted } = parts
  let before: Before | undefined
  try {
    const obstacle = await store.obstacle()
    if (obstacle) return { outcome: 'failed', sentence: obstacle.sentence }
    const record = journal.of(store.id)
    const paths = store.files(wanted)
    const keepsFiles = paths.length > 0
    before = lookBefore(paths)
    if (keepsFiles && record?.exact && record.files.every(({ path, after }) => sumOf(path) === after)) {
      restoreBefore({ files: record.files, foldersMissing: record.foldersMade })
      journal.forget(store.id)
      return { outcome: 'exact', sentence: 'It is as it was, byte for byte.' }
    }
    await store.takeOut(wanted)
    const { present } = await store.read(wanted)
    if (present.length > 0) throw new Error('The local authority is still in it.')
    journal.forget(store.id)
    const sentence = keepsFiles
      ? 'The local authority is out of it. Others have changed it since, so that their changes stay.'
      : 'The local authority is out of it, and nothing else was changed.'
    return { outcome: 'done', sentence }
  } catch (error) {
    return { outcome: 'failed', sentence: putBack(before, error) }
  }
}

function putBack(before: Before | undefined, error: unknown): string {
  const why = sentenceOf(error)
  if (!before) return why
  try {
    restoreBefore(before)
    return `${why} Nothing was changed.`
  } catch (second) {
    return `${why} It could not be put back as it was: ${sentenceOf(second)}`
  }
}

function sentenceOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException
  return code ? fileSentence(error, path ?? 'A file') : message
}

/** Record with the bytes before the first change, as long as nobody else changes the files in between. */
function recordOf(
  store: TrustStore,
  {
    wanted,
    before,
    earlier,
    at,
  }: { wanted: WantedRoots; before: Before; earlier: ChangeRecord | undefined; at: Date },
): ChangeRecord {
  const sums = store.files(wanted).map((path) => ({ path, after: sumOf(path) }))
  const untouched = !earlier || before.files.every(({ path, before: now }) => isAfter(earlier, path, now))
  const first = earlier ? earlier.files : before.files
  return {
    store: store.id,
    title: store.title,
    location: store.location,
    at: at.toISOString(),
    exact: untouched && (earlier?.exact ?? true),
    files: sums.map(({ path, after }) => ({
      path,
      before: first.find((file) => file.path === path)?.before ?? null,
      after,
    })),
    foldersMade: earlier?.foldersMade ?? before.foldersMissing,
  }
}

function isAfter(earlier: ChangeRecord, path: string, now: Before['files'][number]['before']): boolean {
  const after = earlier.files.find((file) => file.path === path)?.after ?? null
  if (!now) return after === null
  return after === sumOfBytes(now.bytes)
}
