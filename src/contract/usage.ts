import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { domainNameSchema } from './domain-name.ts'
import { base } from './procedure-base.ts'

/** Minutes are kept for 2 days, hours for 90, days for 5 years. */
export const usageStepSchema = z.enum(['minute', 'hour', 'day'])
export type UsageStep = z.infer<typeof usageStepSchema>

const count = z.number().int().nonnegative()

/** Milliseconds from a request's head to the head of its answer, to within 3 %. */
const quantilesSchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number() })

export const usageCountsSchema = z.object({
  /** Requests over plain HTTP, and over TLS; their sum is all there were. */
  http: count,
  https: count,
  /** HTTPS requests of a domain: those that are paid for. */
  charged: count,
  /** HTTP requests answered with the domain's redirect to HTTPS, which is free. */
  redirected: count,
  /** Heads and bodies of HTTP from and to clients, without what TLS and framing add. */
  bytesIn: count,
  bytesOut: count,
  /** By status; `none` left or were cut before they were answered. */
  answers: z.object({
    informational: count,
    successful: count,
    redirection: count,
    clientError: count,
    serverError: count,
    none: count,
  }),
  /** Requests by what they came over. */
  tls: z.object({ tls12: count, tls13: count }),
  versions: z.object({ http1: count, http2: count }),
  handshakes: z.object({ full: count, resumed: count, refused: count }),
  /** Null where nothing was answered. */
  latencyMs: quantilesSchema.nullable(),
})
export type UsageCounts = z.infer<typeof usageCountsSchema>

/** What 10,000 charged requests cost, in a currency of ISO 4217. */
export const usagePriceSchema = z.object({
  per10000: z.number().min(0).max(1_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters, as EUR or CNY'),
})
export type UsagePrice = z.infer<typeof usagePriceSchema>

const usagePeriodSchema = z.object({
  /** One domain only, also one that is gone. */
  domain: domainNameSchema.optional(),
  /** From the step that this moment is in; absent: a day, two weeks or a year before `to`, by step. */
  from: timeSchema.optional(),
  /** Up to this moment, its own step included; absent: now. */
  to: timeSchema.optional(),
  step: usageStepSchema.default('hour'),
})

/** Null for what was meant for no domain of this edge. */
const usageDomainSchema = z.string().nullable()

export const usageReportSchema = z.object({
  step: usageStepSchema,
  /** Where the first step begins and the last one ends. */
  from: timeSchema,
  to: timeSchema,
  total: usageCountsSchema,
  /** Every step, also those in which nothing happened. */
  steps: z.array(usageCountsSchema.extend({ at: timeSchema })),
  /** Most requests first. */
  domains: z.array(usageCountsSchema.extend({ domain: usageDomainSchema })),
  price: usagePriceSchema.nullable(),
})
export type UsageReport = z.infer<typeof usageReportSchema>

/** Of one domain since midnight by the clock of this computer. */
export const usageTodaySchema = z.object({ domain: z.string(), http: count, https: count, charged: count })
export type UsageToday = z.infer<typeof usageTodaySchema>

export const usageContract = {
  query: base.input(usagePeriodSchema).output(usageReportSchema),
  /** Comma-separated, with a head: a line for each step and domain in which something happened. */
  csv: base.input(usagePeriodSchema).output(z.object({ text: z.string() })),
  /** Today's numbers of each domain that has any, and then of those that change. */
  watch: base.output(
    eventIterator(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('snapshot'), items: z.array(usageTodaySchema) }),
        z.object({ type: z.literal('changed'), item: usageTodaySchema }),
        z.object({ type: z.literal('removed'), key: z.string() }),
      ]),
    ),
  ),
  /** Null: none is set. */
  price: base.output(usagePriceSchema.nullable()),
  /** `read`: the price that the caller saw before; where there is another by now, none is set (`settings.changed_meanwhile`). */
  setPrice: base
    .input(z.object({ price: usagePriceSchema.nullable(), read: usagePriceSchema.nullable().optional() }))
    .output(usagePriceSchema.nullable()),
}
