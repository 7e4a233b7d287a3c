import { z } from 'zod'
import { effectSchema, httpsStateSchema, originSchema, redirectSchema } from './domains.ts'
import { tagsSchema } from '../shared/tags.ts'
import { policiesSchema } from './policies.ts'

/**
 * Configuration as a file to read, review and keep in version control, without secrets. A certificate is
 * named by its fingerprint; one that is not in the vault is reported.
 */
export const configurationFileSchema = z.strictObject({
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
      tags: tagsSchema.default([]),
      policies: policiesSchema.prefault({}),
    }),
  ),
})
export type ConfigurationFile = z.infer<typeof configurationFileSchema>
/** Configuration as written to a file: defaults may be omitted. */
export type WrittenConfiguration = z.input<typeof configurationFileSchema>

export const differenceSchema = z.object({
  domain: z.string(),
  kind: z.enum(['add', 'change']),
  /** `origin.httpPort`, `redirect.mode`, `certificate`; empty for an added domain. */
  field: z.string(),
  before: z.json(),
  /** Fields of an added domain that differ from their defaults. */
  after: z.json(),
})
export type Difference = z.infer<typeof differenceSchema>

export const configurationPlanSchema = z.object({
  /** Configuration version of the plan; `apply` refuses any other. */
  version: z.number().int(),
  differences: z.array(differenceSchema),
  /** Settings that cannot be imported, one sentence each; the rest of the domain is. */
  cautions: z.array(z.object({ domain: z.string(), message: z.string() })),
  /** Swaps that make a domain's certificate worse; `apply` refuses them unless that is accepted. */
  worse: z.array(z.object({ domain: z.string(), name: z.string(), problems: z.array(z.string()) })),
  /** Domains that are not in the file: they stay unchanged. */
  untouched: z.array(z.string()),
})
export type ConfigurationPlan = z.infer<typeof configurationPlanSchema>

/** Domains of a file that are compared with the vault's. */
const rowsSchema = z.object({ type: z.literal('progress'), done: z.number().int(), total: z.number().int() })
export type ConfigurationProgress = z.infer<typeof rowsSchema>

export const planEventSchema = z.discriminatedUnion('type', [
  rowsSchema,
  z.object({ type: z.literal('done'), plan: configurationPlanSchema }),
])
export type PlanEvent = z.infer<typeof planEventSchema>

export const applyEventSchema = z.discriminatedUnion('type', [
  rowsSchema,
  z.object({ type: z.literal('done'), plan: configurationPlanSchema, effect: effectSchema }),
])
export type ApplyEvent = z.infer<typeof applyEventSchema>
