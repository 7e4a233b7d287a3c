import { z } from 'zod'
import { domainNameSchema } from './domain-name.ts'
import { base } from './procedure-base.ts'
import {
  dryRunSchema,
  elevationSchema,
  planIdSchema,
  stepsWithOutcomesSchema,
  trustPlanSchema,
} from './trust.ts'

/**
 * What a setup is made of: a certificate and HTTPS, who trusts it, where its name leads, ports without a number. Starting
 * at login is no part of a setup: only an undo takes it back.
 */
export const setupPartSchema = z.enum(['https', 'trust', 'names', 'ports', 'login'])
export type SetupPart = z.infer<typeof setupPartSchema>

const actionSchema = z.enum(['install', 'undo'])

export const setupSelectionSchema = z.object({
  action: actionSchema,
  parts: z.array(setupPartSchema).min(1),
  /** Absent: every domain that is served; of an undo, everything that was changed. */
  domains: z.array(domainNameSchema).min(1).max(1000).optional(),
  /** Suffixes that are asked of Edgekeep's DNS responder. Given alone, no single name is meant. */
  suffixes: z.array(domainNameSchema).min(1).max(20).optional(),
  /** The port of the PAC file, kept by this user's systemd while Edgekeep does not run. Given alone, no name is meant. */
  proxyPort: z.literal(true).optional(),
})
export type SetupSelection = z.infer<typeof setupSelectionSchema>

export const setupContract = {
  /**
   * What `apply` would do to this computer; changes nothing, except that an authority is made where trust needs one,
   * since its certificate is part of the plan. With `dryRun` none is made: the plan then says so, and has no commands
   * of the stores. It is only to be read.
   */
  plan: base.input(setupSelectionSchema.extend({ dryRun: dryRunSchema })).output(trustPlanSchema),
  /** Does it, each step apart from the others. */
  apply: base
    .input(setupSelectionSchema.extend({ plan: planIdSchema, elevation: elevationSchema }))
    .output(stepsWithOutcomesSchema),
}
