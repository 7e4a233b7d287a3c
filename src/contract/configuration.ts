import { z } from 'zod'
import { httpsStateSchema, originSchema, redirectSchema } from './domains.ts'
import { policiesSchema } from './policies.ts'

/**
 * The configuration as a file that people read, review and keep in version control: no secret is
 * in it. A certificate is named by its fingerprint; where the vault does not hold it, that is said.
 */
export const configurationFileSchema = z.strictObject({
  /** Of the format. */
  edgekeep: z.literal(1),
  domains: z.record(
    z.string(),
    z.strictObject({
      origin: originSchema,
      https: httpsStateSchema,
      certificate: z
        .strictObject({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
        .nullable()
        .default(null),
      redirect: z.strictObject(redirectSchema.shape),
      policies: policiesSchema.prefault({}),
    }),
  ),
})
export type ConfigurationFile = z.infer<typeof configurationFileSchema>
/** As it is written: what is at its default may be left out. */
export type WrittenConfiguration = z.input<typeof configurationFileSchema>

/** One difference between the file and what is there. */
export const differenceSchema = z.object({
  domain: z.string(),
  kind: z.enum(['add', 'change']),
  /** `origin.httpPort`, `redirect.mode`, `certificate`; empty for a whole domain that is added. */
  field: z.string(),
  before: z.json(),
  /** Of a domain that is added, the fields that are not at their defaults. */
  after: z.json(),
})
export type Difference = z.infer<typeof differenceSchema>

export const configurationPlanSchema = z.object({
  /** The configuration version that the plan was made against; `apply` is refused on any other. */
  version: z.number().int(),
  differences: z.array(differenceSchema),
  /** What cannot be taken over, a sentence each; the rest of the domain is. */
  cautions: z.array(z.object({ domain: z.string(), message: z.string() })),
  /** Domains that are there and not in the file: they stay as they are. */
  untouched: z.array(z.string()),
})
export type ConfigurationPlan = z.infer<typeof configurationPlanSchema>
