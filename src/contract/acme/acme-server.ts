import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { rehearsalPlanSchema, rehearsalSchema } from './acme-rehearsal.ts'
import { timeSchema } from '../shared/time.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { nextPageSchema, pageInputSchema } from '../shared/page.ts'
import { base } from '../shared/procedure-base.ts'

export const defaultAcmePort = 14_000

const portSchema = z.number().int().min(1).max(65_535)

/** Local authority as an ACME server for other programs of this computer. */
export const acmeServerSettingsSchema = z.object({
  enabled: z.boolean(),
  port: portSchema,
  /** Names that are not validated, with all names below them. */
  waived: z.array(domainNameSchema).max(100),
  /** Accounts need an external account binding (EAB); default where this system does not identify users. */
  requireBinding: z.boolean(),
  /** Ports on 127.0.0.1 at which challenges are validated. */
  httpPort: portSchema,
  tlsPort: portSchema,
  /** Port of a DNS server; null: dns-01 fails. */
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
  /** Reason, as a sentence, why it is enabled and not running. */
  problem: z.string().nullable(),
  /**
   * Only programs of the engine's user and of root may connect; false where this system identifies no users.
   */
  identifiesUsers: z.boolean(),
})
export type AcmeServerState = z.infer<typeof acmeServerStateSchema>

export const acmeAccountSchema = z.object({
  id: z.string(),
  thumbprint: z.string(),
  contacts: z.array(z.string()),
  status: z.enum(['valid', 'deactivated', 'revoked']),
  /** External account that it is bound to. */
  binding: z.string().nullable(),
  userAgent: z.string(),
  createdAt: timeSchema,
  seenAt: timeSchema,
  /** Number of certificates on record. */
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

/** The MAC key is in this response only. */
const newBindingSchema = acmeBindingSchema.extend({ macKey: z.string() })
export type NewAcmeBinding = z.infer<typeof newBindingSchema>

const accountIdSchema = z.object({ id: z.string().max(80) })

export const acmeServerContract = {
  state: base.output(acmeServerStateSchema),
  /**
   * Partial update of the settings. `read`: the settings as the caller read them; if one has changed since,
   * nothing is saved (`settings.changed_meanwhile`).
   */
  set: base
    .input(acmeServerSettingsSchema.partial().extend({ read: acmeServerSettingsSchema.partial().optional() }))
    .output(acmeServerStateSchema),
  /** Sorted by creation. */
  accounts: base
    .input(pageInputSchema)
    .output(z.object({ accounts: z.array(acmeAccountSchema), next: nextPageSchema })),
  /** Deactivates the account for good: its key opens no account any more. Its certificates stay. */
  endAccount: base.input(accountIdSchema).output(acmeAccountSchema),
  /** Removes the account from the list. Its key may open a new account; its certificates stay. */
  removeAccount: base.input(accountIdSchema).output(z.object({})),
  bindings: base.output(z.array(acmeBindingSchema)),
  /** Creates an external account: an identifier and a MAC key for the client. */
  addBinding: base.input(z.object({ label: z.string().trim().min(1).max(80) })).output(newBindingSchema),
  /** Starts a simulation of Let's Encrypt with its faults, on an accelerated clock. */
  rehearse: base.input(rehearsalPlanSchema).output(rehearsalSchema),
  /** The current rehearsal, or the last one since the engine started; null without one. */
  rehearsal: base.output(rehearsalSchema.nullable()),
  /** The same as an event stream of its changes. */
  watchRehearsal: base.output(eventIterator(z.object({ rehearsal: rehearsalSchema.nullable() }))),
  stopRehearsal: base.output(rehearsalSchema.nullable()),
  removeBinding: base.input(z.object({ id: z.string().max(80) })).output(z.object({})),
}
