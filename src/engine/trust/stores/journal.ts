import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { linkTargetOf, replaceFile } from '../../../platform/files/replace-file.ts'

/*
 * Threat: a copy of a user's certificate database may contain private keys. The records are in Edgekeep's
 * folder, readable only by its owner as the originals are, and are deleted with the undo.
 */

const fileSchema = z.object({
  path: z.string(),
  /** Null if the file did not exist. */
  before: z.object({ bytes: z.string(), mode: z.number() }).nullable(),
  /** SHA-256 after the change; null if the file did not exist. */
  after: z.string().nullable(),
})
const recordSchema = z.object({
  store: z.string(),
  title: z.string(),
  location: z.string(),
  at: z.string(),
  /** True if others have not changed the files between changes, so that the former bytes are still right. */
  exact: z.boolean(),
  files: z.array(fileSchema),
  /** The deepest created folder, then its created parents. */
  foldersMade: z.array(z.string()),
})
export type ChangeRecord = z.infer<typeof recordSchema>

export interface Before {
  files: { path: string; before: ChangeRecord['files'][number]['before'] }[]
  foldersMissing: string[]
}

/** Journal of changes to stores, for an undo byte for byte. */
export type Journal = ReturnType<typeof openJournal>

export function openJournal(folder: string) {
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

/** The missing folders of a path, deepest first. */
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

/** Restores files byte for byte and removes created folders that are empty. */
export function restoreBefore({ files, foldersMissing }: Before): void {
  for (const { path, before } of files) {
    if (before) replaceFile(linkTargetOf(path), Buffer.from(before.bytes, 'base64'), before.mode)
    else rmSync(path, { force: true })
  }
  for (const folder of foldersMissing) {
    try {
      rmdirSync(folder)
    } catch (error) {
      // The folder is in use by others, or was never created.
      if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
    }
  }
}
