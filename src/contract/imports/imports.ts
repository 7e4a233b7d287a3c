import { z } from 'zod'
import { importResultSchema } from '../certificates/records.ts'
import { passphraseSchema } from '../custody/custody.ts'
import { configurationFileSchema } from '../domains/configuration.ts'
import { effectSchema } from '../domains/domains.ts'
import { problemSchema } from '../errors/registry.ts'
import { inputLimitFiles } from '../shared/input-limit.ts'
import { base } from '../shared/procedure-base.ts'
import { timeSchema } from '../shared/time.ts'

/** Programs that a setup can be read from, with their names as people write them. */
export const programTitles = {
  nginx: 'nginx',
  caddy: 'Caddy',
  haproxy: 'HAProxy',
  apache: 'Apache',
  traefik: 'Traefik',
  npm: 'Nginx Proxy Manager',
  certbot: 'Certbot',
  'acme.sh': 'acme.sh',
  lego: 'lego',
  mkcert: 'mkcert',
  devcert: 'devcert',
  valet: 'Laravel Valet',
  portless: 'portless',
  xca: 'XCA',
} as const
export type ImportProgram = keyof typeof programTitles
export const importPrograms = Object.keys(programTitles) as [ImportProgram, ...ImportProgram[]]

/** Setting that is not taken over (`left`), behaves differently here (`differs`), or files that cannot be read. */
const noteSchema = z.object({
  kind: z.enum(['left', 'differs', 'unread']),
  /** Path of the file, or a name in it. */
  file: z.string(),
  line: z.number().int().optional(),
  /** Name of a directive, domain or file; never its value, which may be a secret. */
  what: z.string(),
  /** Reason, as a sentence. */
  why: z.string(),
})
export type Note = z.infer<typeof noteSchema>

/** Setup of a program at its usual place on this computer. */
export const foundSetupSchema = z.object({
  program: z.enum(importPrograms),
  path: z.string(),
  domains: z.number().int(),
  files: z.number().int(),
  notes: z.number().int(),
  /** Reason why it cannot be read. */
  problem: z.string().nullable(),
})
export type FoundSetup = z.infer<typeof foundSetupSchema>

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

const programSchema = z.object({
  program: z.enum(importPrograms),
  /** Files of its folder with their paths below it; null reads the usual place on this computer. */
  files: z.array(z.file()).min(1).max(inputLimitFiles).nullable(),
  passphrase: passphraseSchema.optional(),
})
export type ProgramInput = z.output<typeof programSchema>

const programPlanSchema = z.object({
  plan: importPlanSchema,
  path: z.string(),
  domains: configurationFileSchema.shape.domains,
  /** Trust anchors of the program; nothing is done with them. */
  anchors: z.array(z.string()),
  notes: z.array(noteSchema),
  /** Digest of what was read; `applyProgram` refuses any other. */
  digest: z.string(),
})
export type ProgramPlan = z.output<typeof programPlanSchema>

const lastImportSchema = z.object({
  source: z.string(),
  at: timeSchema,
  domains: z.number().int(),
  certificates: z.number().int(),
})
export type LastImport = z.infer<typeof lastImportSchema>

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
  plan: base.input(setupSchema).output(importPlanSchema),
  /** Adds domains and certificates in one change, if the configuration is still at `version`. */
  apply: base
    .input(setupSchema.extend({ version: z.number().int() }))
    .output(z.object({ plan: importPlanSchema, effect: effectSchema })),
  /** Setups at their usual places on this computer. */
  found: base.output(z.array(foundSetupSchema)),
  /** Reads and plans in the engine: files that were chosen, or the usual place; no call names another path. */
  planProgram: base.input(programSchema).output(programPlanSchema),
  applyProgram: base
    .input(programSchema.extend({ version: z.number().int(), digest: z.string().max(64) }))
    .output(z.object({ plan: importPlanSchema, effect: effectSchema })),
  /** The import that `undo` takes back; null if there is none. */
  last: base.output(lastImportSchema.nullable()),
  /**
   * Removes what the last import added: domains that have not changed since, and certificates that no other
   * domain uses, with their keys.
   */
  undo: base.output(undoneImportSchema),
}
export type ImportSetup = z.output<typeof setupSchema>
