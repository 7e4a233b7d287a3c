import { z } from 'zod'
import { accessPolicySchema, givenAccessPolicySchema, storedAccessPolicySchema } from './access-policy.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { healthPolicySchema, originsPolicySchema, timeoutsPolicySchema } from './origins.ts'
import { headerPolicySchema } from './header-rules.ts'
import { hstsPolicySchema } from './hsts.ts'
import { tlsPolicySchema } from './tls-policy.ts'

export const bodyPolicySchema = z.strictObject({
  /** Maximum size of a request's body, counted on arrival; null: no limit. */
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 50)
    .nullable()
    .default(null),
})
export type BodyPolicy = z.infer<typeof bodyPolicySchema>

/** HTTP path at which authorities validate http-01 challenges (RFC 8555, section 8.3). */
export const acmeChallengePath = '/.well-known/acme-challenge/*'

/** Path, or with a trailing `*` every path with that prefix. Visible ASCII without query and fragment. */
const pathRuleSchema = z
  .string()
  .max(512)
  .regex(/^\/[!"$-)+-;<=>@-~]*\*?$/, 'a path begins with "/" and has no query; "*" only at its end')
  .refine((path) => !/(^|\/)\.{1,2}(\/|\*?$)/.test(path), 'a path has no "." or ".." as a part')

export const redirectPolicySchema = z.strictObject({
  except: z.array(pathRuleSchema).max(50).default([]),
})
export type RedirectPolicy = z.infer<typeof redirectPolicySchema>

/** Inspects responses of a domain for findings. */
const findingsPolicySchema = z.strictObject({ watch: z.boolean().default(false) })

/** Sections that are the same in every view. */
const plainSections = {
  hsts: hstsPolicySchema,
  redirect: redirectPolicySchema,
  headers: headerPolicySchema,
  body: bodyPolicySchema,
  findings: findingsPolicySchema,
  tls: tlsPolicySchema,
  origins: originsPolicySchema,
  health: healthPolicySchema,
  timeouts: timeoutsPolicySchema,
}

/** Policies of a domain beside origin, certificate and redirect. Each section is set as a whole. */
export const policiesSchema = z.strictObject({
  hsts: plainSections.hsts.prefault({}),
  redirect: plainSections.redirect.prefault({}),
  headers: plainSections.headers.prefault({}),
  access: accessPolicySchema.prefault({}),
  body: plainSections.body.prefault({}),
  findings: plainSections.findings.prefault({}),
  tls: plainSections.tls.prefault({}),
  origins: plainSections.origins.prefault({}),
  health: plainSections.health.prefault({}),
  timeouts: plainSections.timeouts.prefault({}),
})
export type Policies = z.infer<typeof policiesSchema>
export type PolicySection = keyof Policies

/**
 * Policies in the vault and at the edge, with password hashes. No response of the contract contains those.
 */
export const storedPoliciesSchema = policiesSchema.extend({ access: storedAccessPolicySchema.prefault({}) })
export type StoredPolicies = z.infer<typeof storedPoliciesSchema>

export const defaultPolicies = storedPoliciesSchema.parse({}) satisfies StoredPolicies

/** Only the sections that differ from their defaults, as long lists have them. */
export const setPoliciesSchema = z.strictObject({ ...plainSections, access: accessPolicySchema }).partial()

export const policyChangesSchema = z
  .strictObject({ ...plainSections, access: givenAccessPolicySchema })
  .partial()
  .refine((sections) => Object.keys(sections).length > 0, 'no section is given')
export type PolicyChanges = z.infer<typeof policyChangesSchema>

/** Change to many domains: all of them or none. */
export const setPoliciesInputSchema = z.object({
  domains: z.array(domainNameSchema).min(1).max(10_000),
  policies: policyChangesSchema,
  /** Sections as the caller read them. If one has changed since, nothing is saved. */
  read: z
    .strictObject({ ...plainSections, access: accessPolicySchema })
    .partial()
    .optional(),
})

export const copyPoliciesInputSchema = z.object({
  from: domainNameSchema,
  to: z.array(domainNameSchema).min(1).max(10_000),
  sections: z.array(policiesSchema.keyof()).min(1).optional(),
})
