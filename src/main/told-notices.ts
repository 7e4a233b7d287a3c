import { join } from 'node:path'
import { z } from 'zod'
import { readKept, writeKept } from './kept-json.ts'

const toldSchema = z.array(z.string().max(500))
/** Limit; the oldest keys are dropped, since their causes are long gone. */
const most = 500

/** Stores the keys of shown notifications in `folder`, so that none is repeated after a restart. */
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
