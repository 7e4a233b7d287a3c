import { z } from 'zod'
import { certificateFactsSchema } from './certificate-facts.ts'

export const fieldChangeSchema = z.object({
  /** `Issuer`, `Signature`, `Extension: Key Usage`. */
  field: z.string(),
  /** Null where it was not there. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})

/** The second certificate against the first, and their chains. */
export const comparisonSchema = z.object({
  before: certificateFactsSchema,
  after: certificateFactsSchema,
  /** The same bytes. */
  identical: z.boolean(),
  /** What it comes to, a sentence each, the weightiest first. */
  summary: z.array(z.string()),
  /** Fields that differ. */
  changes: z.array(fieldChangeSchema),
  /** DNS names and IP addresses. */
  names: z.object({ lost: z.array(z.string()), gained: z.array(z.string()), kept: z.array(z.string()) }),
  key: z.object({ reused: z.boolean(), sentence: z.string() }),
  /** Key and signature together. */
  strength: z.object({ change: z.enum(['stronger', 'weaker', 'same', 'different']), sentence: z.string() }),
  lifetime: z.object({ beforeDays: z.number(), afterDays: z.number(), sentence: z.string() }),
  /** Titles of the intermediates: what the chain lost and gained. */
  chain: z.object({ lost: z.array(z.string()), gained: z.array(z.string()), kept: z.array(z.string()) }),
})
export type Comparison = z.infer<typeof comparisonSchema>
