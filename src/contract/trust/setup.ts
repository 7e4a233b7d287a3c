import { z } from 'zod'
import { originSchema } from '../domains/origins.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base } from '../shared/procedure-base.ts'
import {
  clientsSchema,
  dryRunSchema,
  elevationSchema,
  planIdSchema,
  privateCureSchema,
  stepsWithOutcomesSchema,
  stepsWithProofsSchema,
  trustClientSchema,
  trustPlanSchema,
} from './trust.ts'

/**
 * Parts of a setup: certificate and HTTPS, trust, names, default ports. `login` (start at login) is no part
 * of a setup; only an undo includes it.
 */
export const setupPartSchema = z.enum(['https', 'trust', 'names', 'ports', 'login'])
export type SetupPart = z.infer<typeof setupPartSchema>

const actionSchema = z.enum(['install', 'undo'])

export const setupSelectionSchema = z.object({
  action: actionSchema,
  parts: z.array(setupPartSchema).min(1),
  /** Absent: every served domain; for an undo: every change. */
  domains: z.array(domainNameSchema).min(1).max(1000).optional(),
  /** Adds the domains that do not exist yet, with this origin. */
  origin: originSchema.optional(),
  /** Only for domains whose private authority browsers refuse: which cure the plan includes. */
  cure: privateCureSchema.optional(),
  /** File with the root for the cure `trust-root`, where it was not uploaded with the certificate. */
  root: z.file().optional(),
  /** Suffixes for Edgekeep's DNS responder. Given alone, no single name is set up. */
  suffixes: z.array(domainNameSchema).min(1).max(20).optional(),
  /** Port of the PAC file, held by this user's systemd without Edgekeep. Given alone, no name is set up. */
  proxyPort: z.literal(true).optional(),
})
export type SetupSelection = z.infer<typeof setupSelectionSchema>

export const testedDomainSchema = z.object({
  domain: z.string(),
  clients: z.array(trustClientSchema),
})
export type TestedDomain = z.infer<typeof testedDomainSchema>

export const setupContract = {
  /**
   * Plan of `apply` without a change, except that it creates an authority where trust needs one, since its
   * certificate is part of the plan. `dryRun` creates none: the plan says so and has no commands for the
   * trust stores; it is for reading only.
   */
  plan: base.input(setupSelectionSchema.extend({ dryRun: dryRunSchema })).output(trustPlanSchema),
  /** Applies each step independently of the others. */
  apply: base
    .input(setupSelectionSchema.extend({ plan: planIdSchema, elevation: elevationSchema }))
    .output(stepsWithOutcomesSchema),
  /** Runs clients against a domain itself, by its name and address, as a person starts them. */
  prove: base
    .input(z.object({ domain: domainNameSchema, clients: clientsSchema }))
    .output(stepsWithProofsSchema),
  /** Present state of the clients that were run against domains, by default against any. */
  tested: base
    .input(z.object({ domains: z.array(domainNameSchema).max(1000).optional() }))
    .output(z.array(testedDomainSchema)),
}
