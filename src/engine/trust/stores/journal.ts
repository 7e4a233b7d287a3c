import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { linkTargetOf, replaceFile } from '../replace-file.ts'

/*
 * Threat: a copy of a person's own database of certificates may hold keys of theirs. The records lie in
 * Edgekeep's folder, which only its owner can reach, as what they are copies of, and go with the undo.
 */

const fileSchema = z.object({
  path: z.string(),
  /** Null where the file was not there. */
  before: z.object({ bytes: z.string(), mode: z.number() }).nullable(),
  /** SHA-256 after the change; null where it was not there. */
  after: z.string().nullable(),
})
const recordSchema = z.object({
  store: z.string(),
  title: z.string(),
  location: z.string(),
  at: z.string(),
  /** Nobody else changed the files between two changes of ours, so that the bytes before are still the right ones. */
  exact: z.boolean(),
  files: z.array(fileSchema),
  /** The deepest folder that was made for it, with those above that were made too, deepest first. */
  foldersMade: z.array(z.string()),
})
export type ChangeRecord = z.infer<typeof recordSchema>

/** What files were before they are changed. */
export interface Before {
  files: { path: string; before: ChangeRecord['files'][number]['before'] }[]
  foldersMissing: string[]
}

/** What Edgekeep changed in stores, so that it can be undone to the byte. */
export interface Journal {
  of(store: string): ChangeRecord | undefined
  all(): ChangeRecord[]
  write(record: ChangeRecord): void
  forget(store: string): void
}

export function openJournal(folder: string): Journal {
  const place = join(folder, 'changes')
  const fileOf = (store: string) =>
    join(place, `${createHash('sha256').update(store).digest('hex').slice(0, 32)}.json`)

  function of(store: string): ChangeRecord | undefined {
    const path = fileOf(store)
    return existsSync(path) ? recordSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
  }

  function write(record: ChangeRecord): void {
    mkdirSync(place, { recursive: true, mode: 0o700 })
    replaceFile(fileOf(record.store), Buffer.from(JSON.stringify(record)), 0o600)
    const index = readIndex(place).filter((each) => each !== record.store)
    replaceFile(join(place, 'index.json'), Buffer.from(JSON.stringify([...index, record.store])), 0o600)
  }

  function forget(store: string): void {
    rmSync(fileOf(store), { force: true })
    if (!existsSync(place)) return
    const index = readIndex(place).filter((each) => each !== store)
    replaceFile(join(place, 'index.json'), Buffer.from(JSON.stringify(index)), 0o600)
  }

  return { of, all: () => readIndex(place).flatMap((store) => of(store) ?? []), write, forget }
}

function readIndex(place: string): string[] {
  const path = join(place, 'index.json')
  return existsSync(path) ? z.array(z.string()).parse(JSON.parse(readFileSync(path, 'utf8'))) : []
}

export function lookBefore(paths: string[]): Before {
  const files = paths.map((path) => ({ path, before: bytesOf(path) }))
  const folders = new Set(paths.map((path) => dirname(path)))
  return { files, foldersMissing: [...folders].flatMap(missingAbove) }
}

/** The folder and those above it that are not there, deepest first. */
function missingAbove(folder: string): string[] {
  return existsSync(folder) ? [] : [folder, ...missingAbove(dirname(folder))]
}

function bytesOf(path: string): Before['files'][number]['before'] {
  if (!existsSync(path)) return null
  return { bytes: readFileSync(path).toString('base64'), mode: statSync(path).mode & 0o777 }
}

export function sumOf(path: string): string | null {
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null
}

export function sumOfBytes(base64: string): string {
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')
}

/** Puts files back as they were, byte for byte, and removes folders that were made, where they are empty. */
export function restoreBefore({ files, foldersMissing }: Before): void {
  for (const { path, before } of files) {
    if (before) replaceFile(linkTargetOf(path), Buffer.from(before.bytes, 'base64'), before.mode)
    else rmSync(path, { force: true })
  }
  for (const folder of foldersMissing) {
    try {
      rmdirSync(folder)
    } catch (error) {
      // Somebody else put something into it, or it was never made.
      if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
    }
  }
}
