import { z } from 'zod'

/** What the window's page asks of the desktop app itself; each is a word, and has nothing with it. */
export const pageCommandSchema = z.enum([
  'retry-engine',
  'show-logs',
  'show-guide',
  'show-saved',
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

/** Files that the operating system opened with the desktop app, on their way from its main process to its window. */
export interface OpenedFiles {
  files: { name: string; lastModified: number; bytes: Uint8Array<ArrayBuffer> }[]
  /** Sentences about what was not read; a few at most. */
  refused: string[]
}

/** Places of the window that menus of the system lead to, as paths in its address. */
export const windowPlaceSchema = z.enum([
  '/domains',
  '/certificates',
  '/inspector',
  '/traffic',
  '/usage',
  '/trust',
  '/issuing',
  '/activity',
  '/settings',
])
export type WindowPlace = z.infer<typeof windowPlaceSchema>

/** Commands of the application menu that the window's page carries out. */
export const menuCommandSchema = z.enum(['new-domain', 'import-certificate', 'find'])
export type MenuCommand = z.infer<typeof menuCommandSchema>

/** What the person chose for the desktop app. Kept by the engine, so that the window can show and change it. */
export const desktopPreferencesSchema = z.object({
  /** What closing the window does: HTTPS goes on (`keep`) or ends with it (`quit`); null: the app asks. */
  onClose: z.enum(['keep', 'quit']).nullable(),
  /** Start with the session of the person, without a window. */
  startAtLogin: z.boolean(),
})
export type DesktopPreferences = z.infer<typeof desktopPreferencesSchema>
