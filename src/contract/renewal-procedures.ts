import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { certificateSummarySchema } from './domains.ts'
import { base } from './procedure-base.ts'
import { calendarInputSchema, renewalCalendarSchema } from './renewal-calendar.ts'
import { acmeWishSchema, renewedSchema } from './renewal.ts'

export const renewInputSchema = z.object({
  /** Certificates by id; absent: all that renew automatically. */
  ids: z.array(z.string()).max(10_000).optional(),
  /** Only those that are due now. */
  due: z.boolean().default(false),
  /** Only says what would happen. */
  dryRun: z.boolean().default(false),
  /** Puts a new certificate in place also where it is worse. */
  acceptWorse: z.boolean().default(false),
})
export type RenewInput = z.output<typeof renewInputSchema>

/** How a person wants a certificate to be renewed from now on. */
export const renewalWishSchema = z.discriminatedUnion('by', [
  acmeWishSchema.extend({ by: z.literal('acme'), account: z.string().min(1).max(200) }),
  z.object({ by: z.literal('reminder'), days: z.number().int().min(1).max(365) }),
])

export const renewalContract = {
  /** What renews when in the next months, and what rules that are known will mean for each certificate. */
  calendar: base.input(calendarInputSchema).output(renewalCalendarSchema),
  /** One result a certificate, as each is done. Aborting leaves the rest as it is. */
  renew: base.input(renewInputSchema).output(eventIterator(renewedSchema)),
  /** Changes how one is renewed; null: as its kind is by default. */
  set: base
    .input(z.object({ id: z.string(), wish: renewalWishSchema.nullable() }))
    .output(certificateSummarySchema),
}
export type RenewalWish = z.output<typeof renewalWishSchema>
