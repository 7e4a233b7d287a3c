import { z } from 'zod'

/** What the window's page asks of the desktop app itself; each is a word, and has nothing with it. */
export const pageCommandSchema = z.enum([
  'retry-engine',
  'show-logs',
  'show-guide',
  'updates-look',
  'updates-check',
  'updates-download',
  'updates-cancel',
  'updates-restart',
])
export type PageCommand = z.infer<typeof pageCommandSchema>

/** How far the window's long work is, from 0 to 1; `unknown` while that cannot be told, null when there is none. */
export const progressSchema = z.union([z.number().min(0).max(1), z.literal('unknown')]).nullable()
export type Progress = z.infer<typeof progressSchema>
