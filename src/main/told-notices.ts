import { join } from 'node:path'
import { z } from 'zod'
import { readKept, writeKept } from './kept-json.ts'

const toldSchema = z.array(z.string().max(500))
/** The oldest are forgotten: what they were about is long gone. */
const most = 500

/** Remembers in `folder` what was told, so that nothing is told twice, also after a new start. */
export function openToldNotices(folder: string): { isNew(key: string): boolean } {
  const path = join(folder, 'notices.json')
  const told = new Set(readKept(path, (kept) => toldSchema.parse(kept)))
  return {
    isNew(key) {
      if (told.has(key)) return false
      told.add(key)
      writeKept(path, [...told].slice(-most))
      return true
    },
  }
}
