import { createPrivateKey, X509Certificate } from 'node:crypto'
import { dirname } from 'node:path'
import { count } from '../contract/text/count.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { wipedTogether } from '../domain/secret-bytes.ts'
import type { ImportKind } from './kinds.ts'
import { boundedFiles, notPermitted, UnreadableFile } from './setup/bounded-files.ts'
import type { CertificateFiles } from './setup/found.ts'
import type { Note } from '../contract/imports/imports.ts'
import { bytesOf, type FoundDomain, type MergedSetup, mergeSites } from './setup/merge-sites.ts'

/** Setup of another program as domains of a configuration. Wipes the keys that were inside of its files. */
export interface ReadSetup extends Disposable {
  domains: Map<string, FoundDomain>
  /** Names that the program serves over HTTPS. */
  secure: Set<string>
  /** Trust anchors of the program; nothing is done with them. */
  anchors: string[]
  notes: Note[]
  /** Real paths of all files that were read. */
  read: Set<string>
  /** Paths of certificates and keys, not read yet. */
  files: string[]
  /**
   * Reads the pairs of certificate and key. One that cannot be read, or does not belong together, is a note. The
   * caller wipes the bytes.
   */
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
  const { domains, pairs, secure, unread } = mergeSites(setup, files)
  const { anchors, notes, embedded } = setup
  const pathsOf = ({ certificate, key }: CertificateFiles) =>
    key === null ? [certificate] : [certificate, key]
  const paths = [...new Set(pairs.flatMap(pathsOf))]

  function openOne(each: string): [string, Buffer<ArrayBuffer>][] {
    try {
      return [[each, bytesOf(each, { setup, files })]]
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error
      const why = `The file cannot be read: ${error.message}.`
      if (error.message === notPermitted) unread.add(each)
      else notes.push({ kind: 'left', file: each, what: 'certificate or key', why })
      return []
    }
  }

  function open() {
    const opened = new Map(paths.flatMap(openOne))
    const whole = pairs.filter((pair) => pathsOf(pair).every((each) => opened.has(each)))
    const mismatched = whole.filter(({ certificate, key }) => key && isMismatch(opened, certificate, key))
    notes.push(...mismatched.map(mismatchNote))
    if (unread.size > 0) notes.unshift(unreadNote([...unread]))
    const used = new Set(whole.filter((pair) => !mismatched.includes(pair)).flatMap(pathsOf))
    for (const [each, bytes] of opened) if (!used.has(each)) bytes.fill(0)
    return [...used].flatMap((each) => {
      const bytes = opened.get(each)
      return bytes ? [{ path: each, bytes }] : []
    })
  }

  return {
    domains,
    secure,
    anchors,
    notes,
    read: files.read,
    files: paths,
    open,
    [Symbol.dispose]: () => wipedTogether(embedded.values())[Symbol.dispose](),
  }
}

/** False for a locked key, and for what is no certificate or key: the import reports these. */
function isMismatch(opened: ReadonlyMap<string, Buffer>, certificate: string, key: string): boolean {
  try {
    const leaf = new X509Certificate(opened.get(certificate) ?? '')
    return !leaf.checkPrivateKey(createPrivateKey(opened.get(key) ?? ''))
  } catch {
    return false
  }
}

function mismatchNote({ certificate, key, name = 'certificate', at }: MergedSetup['pairs'][number]): Note {
  const { file, line } = at ?? { file: certificate }
  const why = `The private key in ${key} does not belong to the certificate in ${certificate}: their public keys differ. Neither is taken over. Find the key that was made with this certificate's request.`
  return { kind: 'left', file, ...(line !== undefined && { line }), what: name, why }
}

/** One note for all: the cure is the same. */
function unreadNote(paths: string[]): Note {
  const folders = [...new Set(paths.map((path) => dirname(path)))]
  const [file = ''] = folders
  const where = folders.length > 1 ? `${file} and ${count(folders.length - 1, 'other folder')}` : file
  const why = `${count(paths.length, 'file')} with certificates or keys in ${where} cannot be read by this user, so HTTPS is off for their domains. Either let this user read them (with sudo: a group or an ACL of the folder) and import again, or copy them with sudo to a folder of your own, make them yours (chown), add them with "edgekeep cert import --all FOLDER", and then import.`
  return { kind: 'unread', file, what: 'certificates and keys', why }
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
