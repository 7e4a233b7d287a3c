import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { askedServerSchema } from '../errors/asked-server.ts'
import { timeSchema } from '../shared/time.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { domainSchema, effectSchema, swapImpactSchema } from '../domains/domains.ts'
import { revocationReasonSchema } from '../issuing/issuing.ts'
import { base } from '../shared/procedure-base.ts'
import { acmeParametersSchema } from '../issuing/renewal.ts'

/** State of an order (RFC 8555, section 7.1.6), and Edgekeep's steps for it. */
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
  /** Name under validation; null if the state is about all of them. */
  name: z.string().nullable(),
  /** Name servers of the zone; present in `propagating` once they were queried. */
  servers: z.array(askedServerSchema).optional(),
})
export type AcmeOrderState = z.infer<typeof acmeOrderStateSchema>

export const acmeAccountSchema = z.object({
  id: z.string(),
  name: z.string(),
  directoryUrl: z.string(),
  contact: z.array(z.string()),
  /** Account URL at the authority. */
  accountUrl: z.string(),
  createdAt: timeSchema,
  /** Number of certificates that it renews. */
  certificates: z.number().int(),
})
export type AcmeAccount = z.infer<typeof acmeAccountSchema>

export const acmeDirectorySchema = z.object({
  host: z.string(),
  termsOfService: z.string().nullable(),
  needsBinding: z.boolean(),
  profiles: z.array(z.object({ name: z.string(), description: z.string() })),
  renewalInfo: z.boolean(),
})
export type AcmeDirectory = z.infer<typeof acmeDirectorySchema>

const accountName = z.string().trim().min(1).max(120)
/** Id of a known authority's directory, or the URL of any other. */
const directoryReference = z.string().min(1).max(2048)
const rootsPem = z
  .string()
  .max(64 * 1024)
  .optional()

export const newAcmeAccountSchema = z.object({
  name: accountName,
  directory: directoryReference,
  /** PEM roots for the directory's server; absent: public ones. */
  rootsPem,
  email: z.email().max(254).optional(),
  /** Consent to the terms of service after they were shown. */
  agreed: z.boolean().default(false),
  /** External account binding (EAB); the MAC key is used once and not stored. */
  binding: z.object({ keyId: z.string().min(1).max(500), macKey: z.string().min(1).max(2000) }).optional(),
})

/** Ways to set the TXT records of dns-01. Secrets are passed beside them and sealed. */
export const dnsSettingsSchema = z.discriminatedUnion('kind', [
  /** Program that is called with `present` or `cleanup`, the record's name and its value. */
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
/** Timeout until every name server of the zone has a record; 0: no wait. */
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
  /** Id or name of an account. */
  account: z.string().min(1).max(200),
  wish: acmeParametersSchema,
  keepOld: z.boolean().default(false),
  acceptWorse: z.boolean().default(false),
})
export type ObtainInput = z.output<typeof obtainInputSchema>

/** Progress of an order; `done` is the last event. */
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

/** Record of dns-persist-01 that a person sets once, and whether it exists. */
export const persistentRecordStateSchema = z.object({
  domain: z.string(),
  name: z.string(),
  value: z.string(),
  /** An equivalent record exists: this one, or the same in another form. */
  isThere: z.boolean(),
  /** Values in the DNS now. */
  seen: z.array(z.string()),
  /** Error of the lookup. */
  reason: z.string().nullable(),
})
export type PersistentRecordState = z.infer<typeof persistentRecordStateSchema>

const byReference = z.object({ reference: z.string().min(1).max(200) })

export const acmeContract = {
  /** Offers and requirements of a directory; nothing is stored. */
  directory: base.input(z.object({ directory: directoryReference, rootsPem })).output(acmeDirectorySchema),
  accounts: base.output(z.array(acmeAccountSchema)),
  addAccount: base.input(newAcmeAccountSchema).output(acmeAccountSchema),
  rolloverAccount: base.input(byReference).output(acmeAccountSchema),
  /** Ends the account at the authority and erases its key; `force`: even if it renews certificates. */
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
  /** Sets the timeout of orders for the name servers. */
  setDnsWait: base.input(byReference.extend({ waitSeconds })).output(dnsMethodSchema),
  removeDnsMethod: base.input(byReference).output(z.object({ name: z.string() })),
  /** DNS records to set before the first order by dns-persist-01. */
  persistentRecords: base
    .input(
      z.object({
        account: z.string().min(1).max(200),
        names: z.array(domainNameSchema).min(1).max(100),
      }),
    )
    .output(z.array(persistentRecordStateSchema)),
  /** Orders a certificate for a domain and serves it; aborting cancels the order. */
  obtain: base.input(obtainInputSchema).output(eventIterator(obtainEventSchema)),
  /** Revokes a certificate through the account that ordered it. */
  revoke: base
    .input(z.object({ certificateId: z.string(), reason: revocationReasonSchema }))
    .output(z.object({ name: z.string() })),
}
