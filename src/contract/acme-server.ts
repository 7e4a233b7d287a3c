import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { rehearsalPlanSchema, rehearsalSchema } from './acme-rehearsal.ts'
import { timeSchema } from './certificate-facts.ts'
import { domainNameSchema } from './domain-name.ts'
import { nextPageSchema, pageInputSchema } from './page.ts'
import { base } from './procedure-base.ts'

export const defaultAcmePort = 14_000

const portSchema = z.number().int().min(1).max(65_535)

/** How other programs of this computer get certificates of the local authority, by ACME. */
export const acmeServerSettingsSchema = z.object({
  enabled: z.boolean(),
  port: portSchema,
  /** Names that are not validated, with all that is below them. */
  waived: z.array(domainNameSchema).max(100),
  /** Accounts need an external account binding; the default where this system does not identify users. */
  requireBinding: z.boolean(),
  /** Where challenges are looked for, on 127.0.0.1 alone. */
  httpPort: portSchema,
  tlsPort: portSchema,
  /** Of a DNS server; null: none, and dns-01 fails. */
  dnsPort: portSchema.nullable(),
})
export type AcmeServerSettings = z.infer<typeof acmeServerSettingsSchema>

export const acmeServerDefaults: AcmeServerSettings = {
  enabled: false,
  port: defaultAcmePort,
  waived: [],
  requireBinding: false,
  httpPort: 80,
  tlsPort: 443,
  dnsPort: null,
}

export const acmeServerStateSchema = z.object({
  settings: acmeServerSettingsSchema,
  /** `https://localhost:14000/directory`; null while it does not run. */
  directory: z.string().nullable(),
  /** Why it does not run although it is on, a sentence. */
  problem: z.string().nullable(),
  /** Only programs of the engine's user and of root are clients; false where this system does not identify users. */
  identifiesUsers: z.boolean(),
})
export type AcmeServerState = z.infer<typeof acmeServerStateSchema>

export const acmeAccountSchema = z.object({
  id: z.string(),
  thumbprint: z.string(),
  contacts: z.array(z.string()),
  status: z.enum(['valid', 'deactivated', 'revoked']),
  /** The external account that it is bound to. */
  binding: z.string().nullable(),
  /** What its client calls itself. */
  userAgent: z.string(),
  createdAt: timeSchema,
  seenAt: timeSchema,
  /** Certificates that it has, as far as they are known. */
  certificates: z.number().int(),
})
export type AcmeAccount = z.infer<typeof acmeAccountSchema>

export const acmeBindingSchema = z.object({
  id: z.string(),
  label: z.string(),
  createdAt: timeSchema,
  usedAt: timeSchema.nullable(),
})

export type AcmeBinding = z.infer<typeof acmeBindingSchema>

/** Its MAC key is told once and never again. */
const newBindingSchema = acmeBindingSchema.extend({ macKey: z.string() })
export type NewAcmeBinding = z.infer<typeof newBindingSchema>

const accountIdSchema = z.object({ id: z.string().max(80) })

export const acmeServerContract = {
  state: base.output(acmeServerStateSchema),
  /**
   * Sets what is given and leaves the rest; off until it is asked for. `read`: what the caller saw of it before;
   * where one of these is something else by now, nothing is saved (`settings.changed_meanwhile`).
   */
  set: base
    .input(acmeServerSettingsSchema.partial().extend({ read: acmeServerSettingsSchema.partial().optional() }))
    .output(acmeServerStateSchema),
  /** In the order in which they were created. */
  accounts: base
    .input(pageInputSchema)
    .output(z.object({ accounts: z.array(acmeAccountSchema), next: nextPageSchema })),
  /** Deactivates it for good: its key opens no account any more. Its certificates stay. */
  endAccount: base.input(accountIdSchema).output(acmeAccountSchema),
  /** Removes it from the list. Its key may open a new account; its certificates stay. */
  removeAccount: base.input(accountIdSchema).output(z.object({})),
  bindings: base.output(z.array(acmeBindingSchema)),
  /** Makes an external account: an identifier and a MAC key, which the client is given. */
  addBinding: base.input(z.object({ label: z.string().trim().min(1).max(80) })).output(newBindingSchema),
  /** Has the server simulate Let's Encrypt with its faults, on an accelerated clock. */
  rehearse: base.input(rehearsalPlanSchema).output(rehearsalSchema),
  /** The one that runs, or the last one; null where there was none since the engine started. */
  rehearsal: base.output(rehearsalSchema.nullable()),
  /** The same, now and at every change of it. */
  watchRehearsal: base.output(eventIterator(z.object({ rehearsal: rehearsalSchema.nullable() }))),
  /** Ends it, and answers what came of it. */
  stopRehearsal: base.output(rehearsalSchema.nullable()),
  removeBinding: base.input(z.object({ id: z.string().max(80) })).output(z.object({})),
}
