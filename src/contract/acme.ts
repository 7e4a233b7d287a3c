import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { askedServerSchema } from './asked-server.ts'
import { timeSchema } from './certificate-facts.ts'
import { domainNameSchema } from './domain-name.ts'
import { domainSchema, effectSchema, swapImpactSchema } from './domains.ts'
import { revocationReasonSchema } from './issuing.ts'
import { base } from './procedure-base.ts'
import { acmeWishSchema } from './renewal.ts'

/** Where an order is: RFC 8555, section 7.1.6, and what is done here for it. */
export const acmeOrderStateSchema = z.object({
  state: z.enum([
    'caa',
    'ordering',
    'presenting',
    'propagating',
    'validating',
    'finalizing',
    'downloading',
    'storing',
  ]),
  /** The name that is validated; null where it is about all of them. */
  name: z.string().nullable(),
  /** With `propagating`, once they were asked: the name servers of the zone. */
  servers: z.array(askedServerSchema).optional(),
})
export type AcmeOrderState = z.infer<typeof acmeOrderStateSchema>

export const acmeAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  directoryUrl: z.string(),
  contact: z.array(z.string()),
  /** At the authority. */
  accountUrl: z.string(),
  createdAt: timeSchema,
  /** How many certificates it renews. */
  certificates: z.number().int(),
})
export type AcmeAccount = z.infer<typeof acmeAccountSchema>

/** What a directory says of itself, before there is an account. */
export const acmeDirectorySchema = z.object({
  host: z.string(),
  termsOfService: z.string().nullable(),
  needsBinding: z.boolean(),
  profiles: z.array(z.object({ name: z.string(), description: z.string() })),
  renewalInfo: z.boolean(),
})
export type AcmeDirectory = z.infer<typeof acmeDirectorySchema>

const accountName = z.string().trim().min(1).max(120)
/** Of a directory of known authorities by its id, or any other by its URL. */
const directoryReference = z.string().min(1).max(2048)
const rootsPem = z
  .string()
  .max(64 * 1024)
  .optional()

export const newAcmeAccountSchema = z.object({
  name: accountName,
  directory: directoryReference,
  /** PEM of the roots that the directory's server is verified by, where it is not a public one. */
  rootsPem,
  email: z.email().max(254).optional(),
  /** To the terms of service, after they were shown. */
  agreed: z.boolean().default(false),
  /** External account binding; the MAC key is used once and not kept. */
  binding: z.object({ keyId: z.string().min(1).max(500), macKey: z.string().min(1).max(2000) }).optional(),
})

/** Ways to set the TXT records of dns-01. A secret goes in beside them and is sealed. */
export const dnsSettingsSchema = z.discriminatedUnion('kind', [
  /** A program: called with `present` or `cleanup`, the record's name and its value. */
  z.object({ kind: z.literal('hook'), command: z.array(z.string().min(1).max(4096)).min(1).max(20) }),
  z.object({
    kind: z.literal('acme-dns'),
    server: z.url({ protocol: /^https?$/ }).max(2048),
    username: z.string().min(1).max(200),
    subdomain: z.string().min(1).max(200),
  }),
  z.object({
    kind: z.literal('rfc2136'),
    server: z.string().min(1).max(253),
    port: z.number().int().min(1).max(65_535).default(53),
    keyName: z.string().min(1).max(253),
    algorithm: z.enum(['hmac-sha256', 'hmac-sha384', 'hmac-sha512']).default('hmac-sha256'),
    zone: z.string().min(1).max(253),
  }),
])
export type DnsSettings = z.infer<typeof dnsSettingsSchema>

export const longestDnsWaitSeconds = 3600
export const defaultDnsWaitSeconds = 120
/** How long an order waits at most until every name server of the zone has a record; 0: not at all. */
const waitSeconds = z.number().int().min(0).max(longestDnsWaitSeconds)

export const dnsMethodSchema = z.object({
  id: z.string(),
  name: z.string(),
  settings: dnsSettingsSchema,
  createdAt: timeSchema,
  waitSeconds,
})
export type DnsMethod = z.infer<typeof dnsMethodSchema>

export const obtainInputSchema = z.object({
  domain: domainNameSchema,
  /** Names that the certificate covers besides the domain. */
  names: z.array(domainNameSchema).max(99).default([]),
  /** Of an account, by id or name. */
  account: z.string().min(1).max(200),
  wish: acmeWishSchema,
  keepOld: z.boolean().default(false),
})
export type ObtainInput = z.output<typeof obtainInputSchema>

/** What an order tells while it runs; `done` is the last. */
export const obtainEventSchema = z.discriminatedUnion('type', [
  acmeOrderStateSchema.extend({ type: z.literal('state') }),
  z.object({
    type: z.literal('done'),
    domain: domainSchema,
    effect: effectSchema,
    impact: swapImpactSchema.nullable(),
    erased: z.array(z.string()),
  }),
])
export type ObtainEvent = z.infer<typeof obtainEventSchema>

/** A record of dns-persist-01 that a person sets once, and whether it is there. */
export const persistentRecordStateSchema = z.object({
  domain: z.string(),
  name: z.string(),
  value: z.string(),
  /** A record that counts is there: this one, or one that says the same in another way. */
  isThere: z.boolean(),
  /** What is there. */
  seen: z.array(z.string()),
  /** Why it could not be looked up. */
  reason: z.string().nullable(),
})
export type PersistentRecordState = z.infer<typeof persistentRecordStateSchema>

const byReference = z.object({ reference: z.string().min(1).max(200) })

export const acmeContract = {
  /** What a directory offers and wants; nothing is stored. */
  directory: base.input(z.object({ directory: directoryReference, rootsPem })).output(acmeDirectorySchema),
  accounts: base.output(z.array(acmeAccountSchema)),
  addAccount: base.input(newAcmeAccountSchema).output(acmeAccountSchema),
  /** Gives the account another key. */
  rolloverAccount: base.input(byReference).output(acmeAccountSchema),
  /** Ends it at the authority and erases its key; with `force` also where it renews certificates. */
  endAccount: base
    .input(byReference.extend({ force: z.boolean().default(false) }))
    .output(z.object({ name: z.string() })),
  dnsMethods: base.output(z.array(dnsMethodSchema)),
  addDnsMethod: base
    .input(
      z.object({
        name: accountName,
        settings: dnsSettingsSchema,
        secret: z.string().max(2000).optional(),
        waitSeconds: waitSeconds.default(defaultDnsWaitSeconds),
      }),
    )
    .output(dnsMethodSchema),
  /** Changes how long orders wait for the name servers. */
  setDnsWait: base.input(byReference.extend({ waitSeconds })).output(dnsMethodSchema),
  removeDnsMethod: base.input(byReference).output(z.object({ name: z.string() })),
  /** What to set in the DNS before the first order by dns-persist-01. */
  persistentRecords: base
    .input(
      z.object({
        account: z.string().min(1).max(200),
        /** Exact, or `*.`. */
        names: z.array(domainNameSchema).min(1).max(100),
      }),
    )
    .output(z.array(persistentRecordStateSchema)),
  /** Orders a certificate for a domain and serves it; aborting cancels the order. */
  obtain: base.input(obtainInputSchema).output(eventIterator(obtainEventSchema)),
  /** Revokes a certificate that an account of ours got. */
  revoke: base
    .input(z.object({ certificateId: z.string(), reason: revocationReasonSchema }))
    .output(z.object({ name: z.string() })),
}
