import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'

export const linkSchema = z.object({
  role: z.enum(['leaf', 'intermediate', 'root']),
  title: z.string(),
  fingerprintSha256: hexSchema,
})
export type Link = z.infer<typeof linkSchema>

/** One stretch of time in which the same path holds. */
export const stageSchema = z.object({
  from: timeSchema,
  /** The last moment at which it holds. */
  until: timeSchema,
  /** Leaf first, anchor last. */
  path: z.array(linkSchema),
})

/** What one client will say as time goes on. */
export const clientTimelineSchema = z.object({
  /** `chrome`, `firefox`, `apple`, `android`, `java`, `openssl`. */
  client: z.string(),
  /** `Chrome and Edge`. */
  name: z.string(),
  validNow: z.boolean(),
  /** The first moment, from the one asked about, at which it is not valid; null where it already is not. */
  firstInvalidAt: timeSchema.nullable(),
  /** The link that ends it; null where nothing but missing trust does. */
  endedBy: linkSchema.nullable(),
  /** In a sentence: what ends it and when, or why it is not valid now. */
  sentence: z.string(),
  /** From the moment asked about; more than one where a cross-signed way takes over. */
  stages: z.array(stageSchema),
  /** How this client treats time, with its source. */
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
  /** The longest a public certificate issued then may last. */
  maximumDays: z.number().int(),
  /** Whether public lifetime rules bind it. */
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
  /** Every moment between which nothing changes for anyone, in order: where a slider has its marks. */
  marks: z.array(z.object({ at: timeSchema, sentence: z.string() })),
  renewal: renewalSchema,
})
export type Timeline = z.infer<typeof timelineSchema>
