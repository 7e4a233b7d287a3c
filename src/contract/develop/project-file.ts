import { z } from 'zod'
import { originSchema } from '../domains/origins.ts'
import { policiesSchema } from '../domains/policies.ts'

/** Origin as a person writes it, or in full as in an exported configuration. */
const writtenOrigin = z
  .union([z.string().min(1).max(4096), z.number().int().min(1).max(65535), originSchema])
  .describe('A port (3000), a URL (http://127.0.0.1:3000), or a folder of the project (./dist)')

const routeSchema = z.strictObject({
  path: z.string().describe('/api: requests below this path go to `origin`'),
  origin: writtenOrigin,
  stripPath: z.boolean().default(false).describe('Removes the path from requests to the origin'),
})

const projectDomainSchema = z.strictObject({
  origin: writtenOrigin,
  hostHeader: z.string().max(255).nullable().default(null).describe('Host header sent to the origin'),
  https: z.boolean().default(true).describe('With a certificate of the local authority'),
  redirect: z.enum(['none', 'https', 'http']).default('none'),
  routes: z.array(routeSchema).max(64).default([]),
  policies: policiesSchema
    .omit({ origins: true })
    .partial()
    .default({})
    .describe('Sections as "edgekeep config export" writes them'),
})

const mostDomains = 200

const domainsByName = z.record(z.string().min(1).max(255), projectDomainSchema)

/** `edgekeep.yaml` of a project: what its team serves, without secrets. */
export const projectFileSchema = z.strictObject({
  edgekeep: z.literal(1),
  project: z.string().min(1).max(80).describe('Name of the project'),
  domains: domainsByName.refine(
    (domains) => Object.keys(domains).length <= mostDomains,
    `${mostDomains} domains at most`,
  ),
})
export type ProjectDomain = z.infer<typeof projectDomainSchema>
