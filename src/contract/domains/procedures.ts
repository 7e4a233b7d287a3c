import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { applyEventSchema, planEventSchema } from './configuration.ts'
import { checkReportSchema, domainSchema, effectSchema, redirectSchema } from './domains.ts'
import { devServerKindSchema } from '../shared/dev-servers.ts'
import { domainFilters } from './domain-filters.ts'
import { listedDomainSchema, liveDomains } from './listed-domain.ts'
import { originSchema } from './origins.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base, byDomain } from '../shared/procedure-base.ts'
import { tagChangesSchema } from '../shared/tags.ts'
import { copyPoliciesInputSchema, redirectPolicySchema, setPoliciesInputSchema } from './policies.ts'
import { tlsChangesSchema } from './tls-policy.ts'
import { historyEntrySchema } from './history.ts'

export const changedDomain = z.object({ domain: domainSchema, effect: effectSchema })

/** A thousand domains are about 300 KB. */
const configurationText = z.string().max(8 * 1024 * 1024)

export const domainsContract = {
  /** Domains that pass one of `filters`, or all; a long list arrives sooner by `watch`. */
  list: base
    .input(z.object({ filters: z.array(z.enum(domainFilters)).optional() }).prefault({}))
    .output(z.array(listedDomainSchema)),
  get: base.input(byDomain).output(domainSchema),
  watch: base.output(liveDomains),
  add: base.input(z.object({ name: domainNameSchema, origin: originSchema })).output(changedDomain),
  /**
   * `read`, here and below: the values as the caller read them. If one has changed since, nothing is saved
   * (`domain.changed_meanwhile`).
   */
  setOrigin: base
    .input(byDomain.extend({ origin: originSchema, read: originSchema.optional() }))
    .output(changedDomain),
  /** `policy`: paths that are not redirected, set in the same change. */
  setRedirect: base
    .input(
      byDomain.extend({
        redirect: redirectSchema,
        policy: redirectPolicySchema.optional(),
        read: redirectSchema.optional(),
        readPolicy: redirectPolicySchema.optional(),
      }),
    )
    .output(changedDomain),
  /** Sets whole sections of the policies of one or many domains, in one change. */
  setPolicies: base
    .input(setPoliciesInputSchema)
    .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
  /** Partial update of the TLS policy of one or many domains, in one change. */
  changeTls: base
    .input(z.object({ domains: z.array(domainNameSchema).min(1).max(10_000), tls: tlsChangesSchema }))
    .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
  /** Copies all or the named sections from one domain to others, in one change. */
  copyPolicies: base
    .input(copyPoliciesInputSchema)
    .output(z.object({ domains: z.array(domainSchema), effect: effectSchema })),
  /** Adds and removes tags of many domains, in one change. Returns the names of those that changed. */
  tag: base
    .input(tagChangesSchema.extend({ domains: z.array(domainNameSchema).min(1).max(10_000) }))
    .output(z.object({ changed: z.array(z.string()), effect: effectSchema.nullable() })),
  remove: base.input(byDomain).output(z.object({ erased: z.array(z.string()), effect: effectSchema })),
  /** Makes one request to the origin as the edge would and returns its result. */
  testOrigin: base.input(byDomain.extend({ origin: originSchema })).output(
    z.object({
      ok: z.boolean(),
      seen: z.string(),
      tookMs: z.number(),
      /** Development server that refuses the domain's name. */
      refusedBy: devServerKindSchema.optional(),
    }),
  ),
  /** Makes real requests through the edge. */
  check: base.input(byDomain).output(checkReportSchema),
  /** Certificates that it had, newest first; from the audit trail, so also for a deleted domain. */
  history: base.input(byDomain).output(z.array(historyEntrySchema)),
}

export const configurationContract = {
  /** YAML, without secrets. */
  export: base.output(z.object({ text: z.string() })),
  /** Plans the import of `text` without a change. */
  plan: base.input(z.object({ text: configurationText })).output(eventIterator(planEventSchema)),
  /** Imports all or nothing, if the configuration is still at `version`. Left before its last event: nothing. */
  apply: base
    .input(
      z.object({
        text: configurationText,
        version: z.number().int(),
        acceptWorse: z.boolean().default(false),
      }),
    )
    .output(eventIterator(applyEventSchema)),
}
