import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

const releaseSchema = z.object({
  version: z.string(),
  releasedAt: timeSchema,
  /** Expiry of the list that names it, if over: there may be a newer release. */
  listExpiredAt: timeSchema.nullable(),
  /** Release notes: plain text, one change per line. */
  notes: z.string(),
  /** Size of the download; null if this kind of installation gets its updates elsewhere. */
  sizeBytes: z.number().int().nullable(),
})

/** Update state of the desktop app. No network request before `updates-check`. */
export const updateStateSchema = z.object({
  current: z.string(),
  /** False: this copy was built without an update URL. */
  canCheck: z.boolean(),
  phase: z.discriminatedUnion('name', [
    z.object({ name: z.literal('idle') }),
    z.object({ name: z.literal('checking') }),
    z.object({ name: z.literal('latest'), checkedAt: timeSchema }),
    z.object({ name: z.literal('available'), release: releaseSchema }),
    z.object({ name: z.literal('downloading'), release: releaseSchema, receivedBytes: z.number().int() }),
    /** Verified, and installed when the app quits. */
    z.object({ name: z.literal('ready'), release: releaseSchema }),
    z.object({ name: z.literal('failed'), code: z.string(), message: z.string() }),
  ]),
})
export type UpdateState = z.infer<typeof updateStateSchema>
export type UpdatePhase = UpdateState['phase']
export type Release = z.infer<typeof releaseSchema>
