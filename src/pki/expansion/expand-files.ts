import { pageText } from '../formats/page-text.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { InputFile } from '../formats/read-file.ts'
import { limits } from '../limits.ts'
import { containerKind } from './container-kind.ts'
import type { Entry } from './entry.ts'
import { createAllowance, type Allowance } from './allowance.ts'
import { gzipEntries } from './gzip.ts'

/*
 * Archives and mail, opened in memory before any file is read, so that windows and commands have it alike.
 * They come from strangers: what they expand to is bounded in size, ratio, count and depth over all files of
 * a call, no entry is written anywhere, and each failure is a problem of its file.
 */

/** The libraries are loaded with the first file that needs them. */
const openers = {
  zip: async (file: InputFile, allowance: Allowance) =>
    (await import('./zip.ts')).zipEntries(file, allowance),
  tar: async (file: InputFile, allowance: Allowance) =>
    (await import('./tar.ts')).tarEntries(file, allowance),
  mail: async (file: InputFile, allowance: Allowance) =>
    (await import('./mail.ts')).mailEntries(file, allowance),
  gzip: gzipEntries,
  page: pageEntries,
}

/**
 * Replaces archives and mail by the entries that may hold a certificate or key, named `archive.zip/cert.pem`;
 * other files stay as they are. The caller owns the bytes of the result, which may hold keys.
 */
export async function expandFiles<F extends InputFile>(files: readonly F[]): Promise<F[]> {
  const allowance = createAllowance()
  const expanded: F[] = []
  for (const file of files) expanded.push(...(await expand(file, allowance, 0)))
  return expanded
}

async function expand<F extends InputFile>(file: F, allowance: Allowance, depth: number): Promise<F[]> {
  const kind = file.problem ? undefined : containerKind(file.bytes)
  if (!kind) return [file]
  if (depth === 0) allowance.addGiven(file.bytes.length)
  try {
    if (depth === limits.archiveDepth) throw allowance.error(file.name, `it lies ${depth} archives deep`)
    const entries = await openers[kind](file, allowance)
    return await within(file, entries, { allowance, depth })
  } catch (error) {
    if (error instanceof EdgekeepError) return [refused(file, error)]
    throw error
  }
}

async function within<F extends InputFile>(
  file: F,
  entries: Entry[],
  { allowance, depth }: { allowance: Allowance; depth: number },
): Promise<F[]> {
  const inner: F[] = []
  for (const { name, bytes } of entries) {
    const named = { ...file, name: name === '' ? file.name : `${file.name}/${name}`, bytes }
    const found = await expand(named, allowance, depth + 1)
    if (!found.some((each) => each.bytes === bytes)) bytes.fill(0)
    inner.push(...found)
  }
  const place = { file: file.name }
  return inner.length > 0 ? inner : [refused(file, new EdgekeepError('input.nothing_found', { place }))]
}

function refused<F extends InputFile>(file: F, problem: EdgekeepError): F {
  return { ...file, bytes: new Uint8Array(0), problem }
}

/** Text of a saved web page with PEM blocks in it. */
function pageEntries({ name, bytes }: InputFile, allowance: Allowance): Promise<Entry[]> {
  const text = new TextEncoder().encode(
    pageText(Buffer.from(bytes.subarray(0, limits.fileBytes)).toString('utf8')),
  )
  allowance.spend(name, { bytes: text.length, compressed: bytes.length })
  return Promise.resolve([{ name: '', bytes: text }])
}
