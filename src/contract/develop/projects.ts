import { z } from 'zod'
import { configurationPlanSchema } from '../domains/configuration.ts'
import { effectSchema } from '../domains/domains.ts'
import { base } from '../shared/procedure-base.ts'
import { runSchema } from './runs.ts'

export const projectSchema = z.object({
  /** Folder of its file; it identifies the project. */
  folder: z.string(),
  name: z.string(),
  domains: z.array(z.string()),
})
export type Project = z.infer<typeof projectSchema>

const fileInput = z.strictObject({
  folder: z.string().min(1).max(4096),
  text: z.string().max(256 * 1024),
})

/** Digest of the scripts behind its commands, as the caller read them. */
const scriptsDigest = z.string().regex(/^[0-9a-f]{64}$/)

export const projectPlanSchema = configurationPlanSchema.omit({ untouched: true }).extend({
  name: z.string(),
  domains: z.array(z.string()),
  /** Domains that get a certificate of the local authority, with the redirect that follows. */
  certificates: z.array(z.object({ domain: z.string(), redirect: z.string() })),
  /** Domains that belong to another project (its folder), or that a person added (null). */
  taken: z.array(z.object({ domain: z.string(), from: z.string().nullable() })),
  /** Domains of an earlier version of the file: they stay. */
  dropped: z.array(z.string()),
  /** Names of its services, which "edgekeep run" starts. */
  services: z.array(z.string()),
  /** There is nothing to apply. */
  isServed: z.boolean(),
})
export type ProjectPlan = z.infer<typeof projectPlanSchema>

export const projectServicesSchema = z.object({
  name: z.string(),
  services: z.array(
    z.object({
      name: z.string(),
      command: z.string(),
      /** Absolute path. */
      folder: z.string(),
      domain: z.string().nullable(),
    }),
  ),
  /** A person agreed to run these commands in this folder; false without `scripts`. */
  isTrusted: z.boolean(),
})
export type ProjectServices = z.infer<typeof projectServicesSchema>

const listedServiceSchema = z.object({
  name: z.string(),
  /** Null while it does not run. */
  run: runSchema.nullable(),
})

export const listedProjectSchema = z.object({
  folder: z.string(),
  name: z.string(),
  /** Branch of git when its newest running service was started; null if nothing runs, or without git. */
  branch: z.string().nullable(),
  /** Running ones, and those of its file that a person trusted. */
  services: z.array(listedServiceSchema),
  /** Domains that "edgekeep up" serves. */
  domains: z.array(z.string()),
})
export type ListedProject = z.infer<typeof listedProjectSchema>

export const projectsContract = {
  /** Projects that "edgekeep up" and "edgekeep run" serve, or served from a file that a person trusted. */
  list: base.output(z.array(listedProjectSchema)),
  plan: base.input(fileInput).output(projectPlanSchema),
  /** Serves it, if the configuration is still at `version`. `take` allows what the plan says is taken. */
  apply: base
    .input(
      fileInput.extend({
        version: z.number().int(),
        take: z.boolean().default(false),
        acceptWorse: z.boolean().default(false),
      }),
    )
    .output(z.object({ plan: projectPlanSchema, effect: effectSchema.nullable() })),
  services: base.input(fileInput.extend({ scripts: scriptsDigest.optional() })).output(projectServicesSchema),
  /**
   * Trusts the services of a file in this folder, for as long as they and the scripts behind them stay what they
   * are. Command line only.
   */
  trustServices: base.input(fileInput.extend({ scripts: scriptsDigest })).output(z.object({})),
  /**
   * Forgets a project that does not run: nothing of it is trusted, and the domains that "edgekeep up" serves are
   * removed with the certificates that only they use. Returns their names.
   */
  forget: base
    .input(z.strictObject({ folder: z.string().min(1).max(4096) }))
    .output(z.object({ domains: z.array(z.string()) })),
}
