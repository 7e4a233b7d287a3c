import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

const releaseSchema = z.object({
  version: z.string(),
  releasedAt: timeSchema,
  /** End of the list that names it, where that is over: there may be a newer release. */
  listExpiredAt: timeSchema.nullable(),
  /** What is new: plain text, a line a change. */
  notes: z.string(),
  /** Of what is downloaded; null where this kind of installation takes its updates from elsewhere. */
  sizeBytes: z.number().int().nullable(),
})

/** What the desktop app knows about updates of itself. Nothing is asked of a network before `updates-check`. */
export const updateStateSchema = z.object({
  current: z.string(),
  /** False: this copy was made without an address to look for updates at. */
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
