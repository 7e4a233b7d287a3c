import { z } from 'zod'
import { domainNameSchema } from './domain-name.ts'
import { healthPolicySchema, originsPolicySchema, timeoutsPolicySchema } from './origins.ts'
import { tlsPolicySchema } from './tls-policy.ts'

/** HTTP Strict Transport Security (RFC 6797), said on HTTPS answers only. */
export const hstsPolicySchema = z.strictObject({
  /** 730 at most. Null says nothing; 0 tells browsers to forget what they were told before. */
  days: z.number().int().min(0).max(730).nullable().default(null),
  includeSubDomains: z.boolean().default(false),
  preload: z.boolean().default(false),
})
export type HstsPolicy = z.infer<typeof hstsPolicySchema>

/** What is set for one domain beyond origin, certificate and redirect. Each section has its defaults, and is set whole. */
export const policiesSchema = z.strictObject({
  hsts: hstsPolicySchema.prefault({}),
  tls: tlsPolicySchema.prefault({}),
  origins: originsPolicySchema.prefault({}),
  health: healthPolicySchema.prefault({}),
  timeouts: timeoutsPolicySchema.prefault({}),
})
export type Policies = z.infer<typeof policiesSchema>
export type PolicySection = keyof Policies

export const defaultPolicies: Policies = policiesSchema.parse({})

/** The sections that are to change; the others stay. */
export const policyChangesSchema = z
  .strictObject({
    hsts: hstsPolicySchema,
    tls: tlsPolicySchema,
    origins: originsPolicySchema,
    health: healthPolicySchema,
    timeouts: timeoutsPolicySchema,
  })
  .partial()
  .refine((sections) => Object.keys(sections).length > 0, 'no section is given')
export type PolicyChanges = z.infer<typeof policyChangesSchema>

/** One change to many domains: all of them or none. */
export const setPoliciesInputSchema = z.object({
  domains: z.array(domainNameSchema).min(1).max(1000),
  policies: policyChangesSchema,
})
