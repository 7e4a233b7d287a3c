import { z } from 'zod'

/** What the person chose for the desktop app. Kept by the engine, so that the window can show and change it. */
export const desktopPreferencesSchema = z.object({
  /** What closing the window does: HTTPS goes on (`keep`) or ends with it (`quit`); null: the app asks. */
  onClose: z.enum(['keep', 'quit']).nullable(),
  /** Start with the session of the person, without a window. */
  startAtLogin: z.boolean(),
})
export type DesktopPreferences = z.infer<typeof desktopPreferencesSchema>
