import type { InputFile } from '../formats/read-file.ts'
import type { Allowance } from './allowance.ts'
import type { Entry } from './entry.ts'
import { limits } from '../limits.ts'
import { pageText } from '../formats/page-text.ts'

/** Text of a saved web page with PEM blocks in it. */
export function pageEntries({ name, bytes }: InputFile, allowance: Allowance): Promise<Entry[]> {
  const text = new TextEncoder().encode(
    pageText(Buffer.from(bytes.subarray(0, limits.fileBytes)).toString('utf8')),
  )
  allowance.spend(name, { bytes: text.length, compressed: bytes.length })
  return Promise.resolve([{ name: '', bytes: text }])
}
