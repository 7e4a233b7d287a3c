import { z } from 'zod'
import { importResultSchema } from '../certificates/records.ts'
import { passphraseSchema } from '../custody/custody.ts'
import { configurationFileSchema } from '../domains/configuration.ts'
import { effectSchema } from '../domains/domains.ts'
import { problemSchema } from '../errors/registry.ts'
import { base } from '../shared/procedure-base.ts'

/** Domains of another program, and the files with their certificates and keys. */
const setupSchema = z.object({
  /** Name of the program, for the audit trail. */
  source: z.string().min(1).max(40),
  /** Certificates are named by fingerprint, as in a configuration file, and may be among `files`. */
  domains: configurationFileSchema.shape.domains,
  files: z.array(z.file()).max(1000),
  passphrase: passphraseSchema.optional(),
})

export const importPlanSchema = z.object({
  /** Configuration version of the plan; `apply` refuses any other. */
  version: z.number().int(),
  domains: z.array(
    z.object({
      domain: z.string(),
      /** `there`: a domain of that name exists and stays unchanged. `refused`: `problem` says why. */
      outcome: z.enum(['add', 'there', 'refused']),
      https: z.boolean(),
      /** Settings that cannot be imported, one sentence each; the rest of the domain is. */
      cautions: z.array(z.string()),
      problem: problemSchema.nullable(),
    }),
  ),
  /** `imported` in a plan: would be. */
  certificates: z.array(importResultSchema),
})
export type ImportPlan = z.infer<typeof importPlanSchema>

const undoneImportSchema = z.object({
  source: z.string(),
  domains: z.array(z.string()),
  certificates: z.array(z.string()),
  /** Domains that have changed since, and certificates in use; they stay. */
  left: z.array(z.string()),
  effect: effectSchema,
})
export type UndoneImport = z.infer<typeof undoneImportSchema>

export const importsContract = {
  /** Plans an import without a change. */
  plan: base.input(setupSchema).output(importPlanSchema),
  /** Adds domains and certificates in one change, if the configuration is still at `version`. */
  apply: base
    .input(setupSchema.extend({ version: z.number().int() }))
    .output(z.object({ plan: importPlanSchema, effect: effectSchema })),
  /**
   * Removes what the last import added: domains that have not changed since, and certificates that no other
   * domain uses, with their keys.
   */
  undo: base.output(undoneImportSchema),
}
export type ImportSetup = z.output<typeof setupSchema>
