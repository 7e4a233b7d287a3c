import { z } from 'zod'
import { accessPolicySchema, givenAccessPolicySchema, keptAccessPolicySchema } from './access-policy.ts'
import { domainNameSchema } from './domain-name.ts'
import { healthPolicySchema, originsPolicySchema, timeoutsPolicySchema } from './origins.ts'
import { headerPolicySchema } from './header-rules.ts'
import { hstsPolicySchema } from './hsts.ts'
import { tlsPolicySchema } from './tls-policy.ts'

/** How much a client may send. */
export const bodyPolicySchema = z.strictObject({
  /** Of a request's body, counted as it comes; null for any. */
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 50)
    .nullable()
    .default(null),
})
export type BodyPolicy = z.infer<typeof bodyPolicySchema>

/** Where certificate authorities look for the answer to a challenge, over HTTP (RFC 8555, section 8.3). */
export const acmeChallengePath = '/.well-known/acme-challenge/*'

/** A path, or with `*` at its end every path that begins so. Visible ASCII without query and fragment. */
const pathRuleSchema = z
  .string()
  .max(512)
  .regex(/^\/[!"$-)+-;<=>@-~]*\*?$/, 'a path begins with "/" and has no query; "*" only at its end')
  .refine((path) => !/(^|\/)\.{1,2}(\/|\*?$)/.test(path), 'a path has no "." or ".." as a part')

/** What the redirect leaves alone. */
export const redirectPolicySchema = z.strictObject({
  except: z.array(pathRuleSchema).max(50).default([]),
})
export type RedirectPolicy = z.infer<typeof redirectPolicySchema>

/** Whether the answers of a domain are looked through for what breaks under HTTPS. */
const findingsPolicySchema = z.strictObject({ watch: z.boolean().default(false) })

/** The sections that are the same however they are looked at. */
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

/** What is set for one domain beyond origin, certificate and redirect. Each section has its defaults, and is set whole. */
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

/** As the vault and the edge have them: with what passwords are checked against. No answer of the contract holds that. */
export const keptPoliciesSchema = policiesSchema.extend({ access: keptAccessPolicySchema.prefault({}) })
export type KeptPolicies = z.infer<typeof keptPoliciesSchema>

export const defaultPolicies = keptPoliciesSchema.parse({}) satisfies KeptPolicies

/** The sections that are to change; the others stay. */
export const policyChangesSchema = z
  .strictObject({ ...plainSections, access: givenAccessPolicySchema })
  .partial()
  .refine((sections) => Object.keys(sections).length > 0, 'no section is given')
export type PolicyChanges = z.infer<typeof policyChangesSchema>

/** One change to many domains: all of them or none. */
export const setPoliciesInputSchema = z.object({
  domains: z.array(domainNameSchema).min(1).max(1000),
  policies: policyChangesSchema,
  /** The sections as the caller read them. Where one is something else by now, nothing is saved. */
  read: z
    .strictObject({ ...plainSections, access: accessPolicySchema })
    .partial()
    .optional(),
})

export const copyPoliciesInputSchema = z.object({
  from: domainNameSchema,
  to: z.array(domainNameSchema).min(1).max(1000),
  sections: z.array(policiesSchema.keyof()).min(1).optional(),
})
