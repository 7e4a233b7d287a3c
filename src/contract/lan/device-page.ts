import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

/** The page for devices, and what each device that opened it has come to. */
export const devicePageEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('page'),
    address: z.url(),
    /** SHA-256 of the root, in pairs. */
    fingerprint: z.string(),
    expiresAt: timeSchema,
  }),
  z.object({
    type: z.literal('visit'),
    address: z.string(),
    system: z.string(),
    state: z.enum(['opened', 'downloaded', 'refused', 'trusted']),
    sentence: z.string(),
  }),
])
export type DevicePageEvent = z.infer<typeof devicePageEventSchema>
