import { z } from 'zod'
import { certificateFactsSchema } from './certificate-facts.ts'

export const fieldChangeSchema = z.object({
  /** `Issuer`, `Signature`, `Extension: Key Usage`. */
  field: z.string(),
  /** Null if the field is absent. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})

/** Comparison of the second certificate with the first, and of their chains. */
export const comparisonSchema = z.object({
  before: certificateFactsSchema,
  after: certificateFactsSchema,
  identical: z.boolean(),
  /** Conclusions, one sentence each, the weightiest first. */
  summary: z.array(z.string()),
  changes: z.array(fieldChangeSchema),
  /** DNS names and IP addresses. */
  names: z.object({ lost: z.array(z.string()), gained: z.array(z.string()), kept: z.array(z.string()) }),
  key: z.object({ reused: z.boolean(), sentence: z.string() }),
  /** Key and signature together. */
  strength: z.object({ change: z.enum(['stronger', 'weaker', 'same', 'different']), sentence: z.string() }),
  lifetime: z.object({ beforeDays: z.number(), afterDays: z.number(), sentence: z.string() }),
  /** Titles of the intermediates. */
  chain: z.object({ lost: z.array(z.string()), gained: z.array(z.string()), kept: z.array(z.string()) }),
})
export type Comparison = z.infer<typeof comparisonSchema>
