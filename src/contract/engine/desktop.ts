import { z } from 'zod'

/** Commands of the window's page to the desktop app, without parameters. */
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

/** Progress of the window's long work, 0 to 1; `unknown` if indeterminate, null if there is none. */
export const progressSchema = z.union([z.number().min(0).max(1), z.literal('unknown')]).nullable()
export type Progress = z.infer<typeof progressSchema>

/** Files opened with the desktop app by the operating system, sent from its main process to its window. */
export interface OpenedFiles {
  files: { name: string; lastModified: number; bytes: Uint8Array<ArrayBuffer> }[]
  /** Sentences about skipped files; a few at most. */
  refused: string[]
}

/** Targets of system menus in the window, as paths. */
export const windowPlaceSchema = z.enum([
  '/domains',
  '/certificates',
  '/inspector',
  '/trust',
  '/issuing',
  '/traffic',
  '/usage',
  '/activity',
  '/settings',
])
export type WindowPlace = z.infer<typeof windowPlaceSchema>

export const menuCommandSchema = z.enum(['new-domain', 'import-certificate', 'find'])
export type MenuCommand = z.infer<typeof menuCommandSchema>

/** Preferences of the desktop app. The engine stores them, so that the window can show and change them. */
export const desktopPreferencesSchema = z.object({
  /** Closing the window keeps HTTPS running (`keep`) or ends it (`quit`); null: the app asks. */
  onClose: z.enum(['keep', 'quit']).nullable(),
  /** Starts with the person's session, without a window. */
  startAtLogin: z.boolean(),
})
export type DesktopPreferences = z.infer<typeof desktopPreferencesSchema>
