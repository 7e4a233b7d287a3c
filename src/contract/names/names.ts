import { z } from 'zod'
import { domainNameSchema } from '../shared/domain-name.ts'
import { portConflictSchema } from '../engine/fixed-ports.ts'
import { portSchema } from '../shared/port.ts'
import { base } from '../shared/procedure-base.ts'
import { obstacleSchema } from '../trust/trust.ts'

/**
 * Destination of a name on this computer. `here`: the edge; `other`: this computer, where another program
 * has the port; `elsewhere`: another computer; `nowhere`: it does not resolve; `unanswered`: the system's
 * resolver did not answer in time; `browsers`: only browsers resolve it by themselves (`*.localhost`).
 */
export const nameLeadsSchema = z.enum(['here', 'other', 'elsewhere', 'nowhere', 'unanswered', 'browsers'])
export type NameLeads = z.infer<typeof nameLeadsSchema>

export const nameReportSchema = z.object({
  /** Name as served; a wildcard is resolved with the label `www`. */
  domain: z.string(),
  host: z.string(),
  /** Addresses from the system's resolver (getaddrinfo). */
  addresses: z.array(z.string()),
  leads: nameLeadsSchema,
  sentence: z.string(),
  /** Program that answers on the default port, if the name leads to this computer. */
  answers: z.string().nullable(),
  /** Entry in the hosts file made by Edgekeep. */
  inHosts: z.boolean(),
  /** The person's browsers that resolve it differently from the system. */
  browsers: z.array(z.object({ name: z.string(), sentence: z.string() })),
  /** Notes on this name: preloaded HSTS, `.local`, a VPN, a browser that remembers HSTS. */
  notes: z.array(z.string()),
  /** Remedy with its command; null if there is nothing to do. */
  fix: z.string().nullable(),
  /** Name for `setup`, if its part `names` is the remedy; else null. */
  install: z.string().nullable(),
})
export type NameReport = z.infer<typeof nameReportSchema>

/** Suffixes that the system's resolver forwards to Edgekeep's DNS responder. */
export const suffixesSchema = z.object({
  names: z.array(z.string()),
  /** Port of the responder in the system's configuration; null if it is not configured. */
  port: z.number().nullable(),
  /** The responder of this engine listens on that port now. */
  isAnswered: z.boolean(),
  /** Configuration file of the system's resolver; null if none fits. */
  place: z.string().nullable(),
  obstacle: obstacleSchema.nullable(),
})
export type SuffixesView = z.infer<typeof suffixesSchema>

export const namesReportSchema = z.object({
  hosts: z.object({
    path: z.string(),
    /** Names in Edgekeep's block. */
    names: z.array(z.string()),
    obstacle: obstacleSchema.nullable(),
  }),
  suffixes: suffixesSchema,
  /** Other programs on the ports of the PAC file, the DNS responder and the like. */
  portConflicts: z.array(portConflictSchema),
  names: z.array(nameReportSchema),
})
export type NamesReport = z.infer<typeof namesReportSchema>

export const proxySchema = z.object({
  /** Port on 127.0.0.1; null while it is closed. */
  port: z.number().nullable(),
  /** Port that it opens at every start; null: it does not. */
  kept: z.number().nullable(),
  pacUrl: z.string().nullable(),
  /** PAC file on disk, for browsers that read one (Firefox), and as a `data:` URL (Chromium, Firefox). */
  pacFileUrl: z.string().nullable(),
  pacDataUrl: z.string().nullable(),
})
export type ProxyView = z.infer<typeof proxySchema>

/** Data for a browser with a profile of its own. Public parts only. */
export const siteSchema = z.object({
  host: z.string(),
  isSecure: z.boolean(),
  domains: z.array(z.string()),
  edge: z.object({ https: z.number(), http: z.number() }),
  proxyPort: z.number(),
  /** PEM. */
  roots: z.array(z.string()),
})

const byName = z.object({ name: domainNameSchema })

export const namesContract = {
  /** Resolves every domain, or the given ones, by the system's resolver; changes nothing. */
  status: base
    .input(z.object({ domains: z.array(domainNameSchema).max(1000).optional() }))
    .output(namesReportSchema),
  /** Data for opening a domain, or a name below a wildcard, in a browser with a throwaway profile. */
  site: base.input(byName).output(siteSchema),
  /** Opens the browser on the screen of the engine. */
  openSite: base.input(byName).output(z.object({ browser: z.string(), address: z.string() })),
  /** PAC file and CONNECT endpoint for browsers that reach the edge without a change of the system. */
  proxy: base.output(proxySchema),
  /** Opens the endpoint on a port, now and at every start; null closes it for good. */
  setProxy: base.input(z.object({ port: portSchema.nullable() })).output(proxySchema),
}
