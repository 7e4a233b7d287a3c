import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { hexSchema } from '../shared/hex.ts'

export const linkSchema = z.object({
  role: z.enum(['leaf', 'intermediate', 'root']),
  title: z.string(),
  fingerprintSha256: hexSchema,
})
export type Link = z.infer<typeof linkSchema>

/** Period in which the same path is valid. */
export const stageSchema = z.object({
  from: timeSchema,
  /** Last valid moment. */
  until: timeSchema,
  /** Leaf first, anchor last. */
  path: z.array(linkSchema),
})

/** Verdicts of one client over time. */
export const clientTimelineSchema = z.object({
  /** `chrome`, `firefox`, `apple`, `android`, `java`, `openssl`. */
  client: z.string(),
  /** `Chrome and Edge`. */
  name: z.string(),
  validNow: z.boolean(),
  /** First invalid moment from the requested time on; null if it is already invalid. */
  firstInvalidAt: timeSchema.nullable(),
  /** Link that ends the validity; null if only trust is missing. */
  endedBy: linkSchema.nullable(),
  /** Cause and time of the end, or the reason why it is invalid now. */
  sentence: z.string(),
  /** Starts at the requested time; more than one where a cross-signed path takes over. */
  stages: z.array(stageSchema),
  /** The client's treatment of time, with its source. */
  rule: z.object({ sentence: z.string(), source: z.string() }),
})
export type ClientTimeline = z.infer<typeof clientTimelineSchema>

export const lifetimeStepSchema = z.object({
  /** Certificates issued from this day on. */
  from: z.iso.date(),
  days: z.number().int(),
})

export const renewalSchema = z.object({
  /** Begin of the last third of its life. */
  renewAt: timeSchema,
  /** Maximum lifetime of a public certificate issued then. */
  maximumDays: z.number().int(),
  /** Public lifetime rules bind it. */
  applies: z.boolean(),
  sentence: z.string(),
  /** The whole schedule, with its source. */
  schedule: z.array(lifetimeStepSchema),
  reference: z.string(),
})
export type Renewal = z.infer<typeof renewalSchema>

export const timelineSchema = z.object({
  at: timeSchema,
  title: z.string(),
  fingerprintSha256: hexSchema,
  clients: z.array(clientTimelineSchema),
  /** Moments at which something changes for a client, in order: the marks of a slider. */
  marks: z.array(z.object({ at: timeSchema, sentence: z.string() })),
  renewal: renewalSchema,
})
export type Timeline = z.infer<typeof timelineSchema>
