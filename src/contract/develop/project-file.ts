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

/** Refuses line ends, control and format characters: a person agrees to what is shown. */
const visibleLine = z
  .string()
  .trim()
  .min(1)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'one line of visible text')

const serviceSchema = z.strictObject({
  command: visibleLine
    .max(1000)
    .describe('Command line of its development server, as in a script of package.json'),
  folder: z.string().min(1).max(1000).default('.').describe('Folder of the project to run it in'),
  domain: z.string().min(1).max(255).optional().describe('Default: SERVICE.PROJECT.localhost'),
})

const mostDomains = 200
const mostServices = 30

const domainsByName = z.record(z.string().min(1).max(255), projectDomainSchema)
/** Labels of host names, so that a command line and a variable can name them. */
const servicesByName = z.record(
  z
    .string()
    .max(40)
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  serviceSchema,
)

/** `edgekeep.yaml` of a project: what its team serves, without secrets. */
export const projectFileSchema = z.strictObject({
  edgekeep: z.literal(1),
  project: visibleLine.max(80).describe('Name of the project'),
  domains: domainsByName
    .refine((domains) => Object.keys(domains).length <= mostDomains, `${mostDomains} domains at most`)
    .default({})
    .describe('Served by "edgekeep up"'),
  services: servicesByName
    .refine((services) => Object.keys(services).length <= mostServices, `${mostServices} services at most`)
    .default({})
    .describe('Started by "edgekeep run", each behind its own domain'),
})
export type ProjectDomain = z.infer<typeof projectDomainSchema>
export type ProjectService = z.infer<typeof serviceSchema>
