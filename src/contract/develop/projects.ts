import { z } from 'zod'
import { configurationPlanSchema } from '../domains/configuration.ts'
import { effectSchema } from '../domains/domains.ts'
import { base } from '../shared/procedure-base.ts'

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
  /** A person agreed to run these commands in this folder. */
  isTrusted: z.boolean(),
})
export type ProjectServices = z.infer<typeof projectServicesSchema>

export const projectsContract = {
  /** Plans to serve a project file, without a change. */
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
  /** Reads the services of a project file. */
  services: base.input(fileInput).output(projectServicesSchema),
  /** Trusts the services of a file in this folder, for as long as they stay what they are. Command line only. */
  trustServices: base.input(fileInput).output(z.object({})),
}
