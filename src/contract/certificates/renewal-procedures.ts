import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { certificateSummarySchema } from '../domains/domains.ts'
import { base } from '../shared/procedure-base.ts'
import { calendarInputSchema, renewalCalendarSchema } from '../issuing/renewal-calendar.ts'
import { acmeParametersSchema, renewedSchema } from '../issuing/renewal.ts'

export const renewInputSchema = z.object({
  /** Ids of certificates; absent: all that renew automatically. */
  ids: z.array(z.string()).max(10_000).optional(),
  /** Limits to those that are due now. */
  due: z.boolean().default(false),
  /** Returns the effects without a change. */
  dryRun: z.boolean().default(false),
  /** Serves the new certificate even if it is worse. */
  acceptWorse: z.boolean().default(false),
})
export type RenewInput = z.output<typeof renewInputSchema>

export const renewalMethodInputSchema = z.discriminatedUnion('by', [
  acmeParametersSchema.extend({ by: z.literal('acme'), account: z.string().min(1).max(200) }),
  z.object({ by: z.literal('reminder'), days: z.number().int().min(1).max(365) }),
  z.object({ by: z.literal('off') }),
])

export const renewalContract = {
  /** Renewals of the next months, and the effect of known rules on each certificate. */
  calendar: base.input(calendarInputSchema).output(renewalCalendarSchema),
  /** One result per certificate, as each ends. An abort leaves the remaining ones unchanged. */
  renew: base.input(renewInputSchema).output(eventIterator(renewedSchema)),
  /** Sets the renewal method of a certificate; null: the default of its kind. */
  set: base
    .input(z.object({ id: z.string(), wish: renewalMethodInputSchema.nullable() }))
    .output(certificateSummarySchema),
}
export type RenewalMethodInput = z.output<typeof renewalMethodInputSchema>
