import { z } from 'zod'
import { domainNameSchema } from './domain-name.ts'
import { portConflictSchema } from './kept-ports.ts'
import { portSchema } from './origins.ts'
import { base } from './procedure-base.ts'
import { obstacleSchema } from './trust.ts'

/**
 * Where a name leads on this computer. `here`: to the edge; `other`: to this computer, where another program
 * has the port; `elsewhere`: to another computer; `nowhere`: nobody knows it; `browsers`: browsers alone find
 * it by themselves (`*.localhost`).
 */
export const nameLeadsSchema = z.enum(['here', 'other', 'elsewhere', 'nowhere', 'browsers'])
export type NameLeads = z.infer<typeof nameLeadsSchema>

export const nameReportSchema = z.object({
  /** As it is served; a wildcard is looked at by its name with `www`. */
  domain: z.string(),
  host: z.string(),
  /** What the system's resolver (getaddrinfo) answers. */
  addresses: z.array(z.string()),
  leads: nameLeadsSchema,
  sentence: z.string(),
  /** Who answers on the port of an address without a number, where it leads to this computer. */
  answers: z.string().nullable(),
  /** Edgekeep wrote it into the hosts file. */
  inHosts: z.boolean(),
  /** Browsers of this person that would not do as the system does. */
  browsers: z.array(z.object({ name: z.string(), sentence: z.string() })),
  /** What to know of this name: preloaded HSTS, `.local`, a VPN, a browser that holds HSTS. */
  notes: z.array(z.string()),
  /** What to do, with its command; null where there is nothing to do. */
  fix: z.string().nullable(),
  /** The name to give to `setup`, whose part `names` is what to do here; null where it is not. */
  install: z.string().nullable(),
})
export type NameReport = z.infer<typeof nameReportSchema>

/** Whole suffixes that the system's resolver asks Edgekeep's DNS responder for. */
export const suffixesSchema = z.object({
  names: z.array(z.string()),
  /** Of the responder, as the system was told; null where it was not. */
  port: z.number().nullable(),
  /** The responder of this engine listens there now. */
  isAnswered: z.boolean(),
  /** The file that tells the system; null where none could. */
  place: z.string().nullable(),
  obstacle: obstacleSchema.nullable(),
})
export type SuffixesView = z.infer<typeof suffixesSchema>

export const namesReportSchema = z.object({
  hosts: z.object({
    path: z.string(),
    /** In Edgekeep's block. */
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
  /** Where it listens on 127.0.0.1; null while it is closed. */
  port: z.number().nullable(),
  /** What it is opened on at every start; null: it is not. */
  kept: z.number().nullable(),
  /** The address of the PAC file, for the settings of a browser. */
  pacUrl: z.string().nullable(),
  /** The same as a file of this user, for browsers that read one (Firefox), and as a `data:` URL (Chromium, Firefox). */
  pacFileUrl: z.string().nullable(),
  pacDataUrl: z.string().nullable(),
})
export type ProxyView = z.infer<typeof proxySchema>

/** What a browser with a profile of its own has to know. Public parts only. */
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
  /** Asks the system's resolver for each domain, or for those named; changes nothing. */
  status: base
    .input(z.object({ domains: z.array(domainNameSchema).max(1000).optional() }))
    .output(namesReportSchema),
  /** For opening a domain, or a name below a wildcard, in a browser with a throwaway profile. */
  site: base.input(byName).output(siteSchema),
  /** Opens it, on the screen of the engine. */
  openSite: base.input(byName).output(z.object({ browser: z.string(), address: z.string() })),
  /** The PAC file and CONNECT endpoint for browsers that are to reach the edge without a change of the system. */
  proxy: base.output(proxySchema),
  /** Opens it on a port, now and at every start; null closes it for good. */
  setProxy: base.input(z.object({ port: portSchema.nullable() })).output(proxySchema),
}
