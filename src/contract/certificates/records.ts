import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { rememberedCertificateSchema } from '../domains/history.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { effectSchema, swapImpactSchema } from '../domains/domains.ts'
import { placeSchema, problemSchema } from '../errors/registry.ts'

export const noteSchema = z.string().max(2000)
/** Person or team that is responsible for a certificate; empty without one. */
export const ownerSchema = z.string().trim().max(120)

/**
 * Keeps the certificate in "My certificates" that a swap would delete. A domain has the certificate that it
 * serves and the previous one; the one before that is deleted unless it is kept or used elsewhere.
 */
export const keepOldSchema = z.boolean().default(false)

/** Serves a certificate that is worse than the one before, which `certificate.worse` refuses otherwise. */
export const acceptWorseSchema = z.boolean().default(false)

/** Reasons why the new certificate is worse, each a phrase; empty without a swap. */
export const replacementProblemsSchema = z.array(z.string())

export const replacementSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vault'), certificateId: z.string() }),
  z.object({
    type: z.literal('upload'),
    stagingId: z.string(),
    name: z.string().max(120).optional(),
    /** Keeps it in "My certificates" after HTTPS is turned off. */
    keep: z.boolean().default(false),
  }),
])
export type Replacement = z.infer<typeof replacementSchema>

export const replaceInputSchema = z.object({
  id: z.string(),
  with: replacementSchema,
  /** Absent: all domains that use it. */
  domains: z.array(domainNameSchema).max(10_000).optional(),
  /** If one domain cannot use it, none gets it. */
  allOrNothing: z.boolean().default(false),
  keepOld: keepOldSchema,
  acceptWorse: acceptWorseSchema,
  /** Returns the effects without a change. */
  dryRun: z.boolean().default(false),
})

export const replacedDomainSchema = z.object({
  domain: z.string(),
  /**
   * `replaced`, or would be in a dry run; `not-covered` by the new certificate; `not-using` the old one;
   * `left` unchanged because of `allOrNothing`.
   */
  outcome: z.enum(['replaced', 'not-covered', 'not-using', 'left']),
})

export const replacedSchema = z.object({
  old: rememberedCertificateSchema,
  new: rememberedCertificateSchema,
  impact: swapImpactSchema,
  problems: replacementProblemsSchema,
  domains: z.array(replacedDomainSchema),
  /** Certificates erased, or to be erased in a dry run, each with its key. */
  erased: z.array(rememberedCertificateSchema),
  /** Null without a change. */
  effect: effectSchema.nullable(),
})
export type Replaced = z.infer<typeof replacedSchema>

/**
 * Result for one certificate, key or file of many. `there`: already in the vault; `no-key` and
 * `no-certificate`: its other half is missing; `locked`: its passphrase is missing or wrong; `refused`: it
 * cannot be served; `left-out`: valid, but another one was not; `skipped`: a file without a certificate or
 * key, which is no failure.
 */
export const importOutcomeSchema = z.enum([
  'imported',
  'there',
  'no-key',
  'no-certificate',
  'locked',
  'unreadable',
  'refused',
  'left-out',
  'skipped',
])

export const importResultSchema = z.object({
  outcome: importOutcomeSchema,
  /** Title of the certificate, or description of the piece. */
  title: z.string(),
  names: z.array(z.string()),
  /** End of the certificate's validity; null for what is none. */
  notAfter: timeSchema.nullable(),
  /** Position of the leaf, the lone key or the problem. */
  place: placeSchema,
  certificate: z.object({ id: z.string(), name: z.string() }).nullable(),
  problem: problemSchema.nullable(),
})
export type ImportResult = z.infer<typeof importResultSchema>

export const importSummarySchema = z.object({
  imported: z.number().int(),
  there: z.number().int(),
  /** Items not imported, for any reason. */
  failed: z.number().int(),
  /** Files without a certificate or key. */
  skipped: z.number().int(),
  /** Null without a change. */
  effect: effectSchema.nullable(),
})

export type ImportSummary = z.infer<typeof importSummarySchema>

/** `done` and `total` count files while reading and certificates while storing. */
export const importEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    stage: z.enum(['reading', 'storing']),
    done: z.number().int(),
    total: z.number().int(),
  }),
  z.object({ type: z.literal('result'), result: importResultSchema }),
  z.object({ type: z.literal('done'), summary: importSummarySchema }),
])
export type ImportEvent = z.infer<typeof importEventSchema>
