import { join } from 'node:path'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from './json-file.ts'

const shownSchema = z.array(z.string().max(500))
/** Limit; the oldest keys are dropped, since their causes are long gone. */
const most = 500

/** Stores the keys of shown notifications in `folder`, so that none is repeated after a restart. */
export function openShownNotifications(folder: string): { isNew(key: string): boolean } {
  const path = join(folder, 'notices.json')
  const shown = new Set(readJsonFile(path, (stored) => shownSchema.parse(stored)))
  return {
    isNew(key) {
      if (shown.has(key)) return false
      shown.add(key)
      writeJsonFile(path, [...shown].slice(-most))
      return true
    },
  }
}
