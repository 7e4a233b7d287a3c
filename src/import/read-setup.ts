import { EdgekeepError } from '../contract/errors/registry.ts'
import { wipedTogether } from '../domain/secret-bytes.ts'
import type { ImportKind } from './kinds.ts'
import { boundedFiles, UnreadableFile } from './setup/bounded-files.ts'
import type { Note } from '../contract/imports/imports.ts'
import { bytesOf, type FoundDomain, mergeSites } from './setup/merge-sites.ts'

/** Setup of another program as domains of a configuration. Wipes the keys that were inside of its files. */
export interface ReadSetup extends Disposable {
  domains: Map<string, FoundDomain>
  /** Trust anchors of the program; nothing is done with them. */
  anchors: string[]
  notes: Note[]
  /** Real paths of all files that were read. */
  read: Set<string>
  /** Paths of certificates and keys, not read yet. */
  files: string[]
  /** Reads `files`; those that cannot be read are notes. The caller wipes the bytes. */
  open(): { path: string; bytes: Buffer<ArrayBuffer> }[]
}

/**
 * Reads the setup of a program at `path`.
 * @throws `import.unreadable`
 */
export async function readSetup(
  { read }: ImportKind,
  path: string,
  files = boundedFiles(),
): Promise<ReadSetup> {
  const setup = await readable(() => read(path, files))
  const { domains, files: paths } = mergeSites(setup, files)
  const { anchors, notes, embedded } = setup

  function openOne(each: string) {
    try {
      return [{ path: each, bytes: bytesOf(each, { setup, files }) }]
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      const why = `The file cannot be read: ${error.message}.`
      notes.push({ kind: 'left', file: each, what: 'certificate', why })
      return []
    }
  }

  return {
    domains,
    anchors,
    notes,
    read: files.read,
    files: paths,
    open: () => paths.flatMap(openOne),
    [Symbol.dispose]: () => wipedTogether(embedded.values())[Symbol.dispose](),
  }
}

/** Translates the failure to read the file that a setup begins with. */
async function readable<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error
    throw new EdgekeepError('import.unreadable', { reason: error.message }, { cause: error })
  }
}
