import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { liveOf } from '../shared/live-event.ts'
import { base } from '../shared/procedure-base.ts'

/** Retention: minutes for 2 days, hours for 90 days, days for 5 years. */
export const usageStepSchema = z.enum(['minute', 'hour', 'day'])
export type UsageStep = z.infer<typeof usageStepSchema>

const count = z.number().int().nonnegative()

/** Milliseconds from a request's head to the head of its response, to within 3 %. */
const quantilesSchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number() })

export const usageCountsSchema = z.object({
  /** Requests over plain HTTP and over TLS; their sum is the total. */
  http: count,
  https: count,
  charged: count,
  /** HTTP requests answered with the domain's redirect to HTTPS, which is free. */
  redirected: count,
  /** Heads and bodies of HTTP from and to clients, without TLS and framing. */
  bytesIn: count,
  bytesOut: count,
  /** Counts by status; `none`: aborted before a response. */
  answers: z.object({
    informational: count,
    successful: count,
    redirection: count,
    clientError: count,
    serverError: count,
    none: count,
  }),
  /** Requests by version. */
  tls: z.object({ tls12: count, tls13: count }),
  versions: z.object({ http1: count, http2: count }),
  handshakes: z.object({ full: count, resumed: count, refused: count }),
  /** Null without a response. */
  latencyMs: quantilesSchema.nullable(),
})
export type UsageCounts = z.infer<typeof usageCountsSchema>

/** Price of 10,000 charged requests, with its ISO 4217 currency. */
export const usagePriceSchema = z.object({
  per10000: z.number().min(0).max(1_000_000),
  currency: z.string().regex(/^[A-Z]{3}$/, 'a currency is three capital letters, as EUR or CNY'),
})
export type UsagePrice = z.infer<typeof usagePriceSchema>

const usagePeriodSchema = z.object({
  /** Limits to one domain, which may be deleted. */
  domain: domainNameSchema.optional(),
  /** Start, rounded down to its step; default: a day, two weeks or a year before `to`, by step. */
  from: timeSchema.optional(),
  /** End, with its step included; default: now. */
  to: timeSchema.optional(),
  step: usageStepSchema.default('hour'),
})

/** Null for traffic of no domain of this edge. */
const usageDomainSchema = z.string().nullable()

export const usageReportSchema = z.object({
  step: usageStepSchema,
  /** IANA name of the engine's time zone, whose calendar the days are of. */
  zone: z.string(),
  /** Start of the first step and end of the last. */
  from: timeSchema,
  to: timeSchema,
  total: usageCountsSchema,
  /** Every step, also empty ones. */
  steps: z.array(usageCountsSchema.extend({ at: timeSchema })),
  /** Most requests first. */
  domains: z.array(usageCountsSchema.extend({ domain: usageDomainSchema })),
  price: usagePriceSchema.nullable(),
})
export type UsageReport = z.infer<typeof usageReportSchema>

/** Counts of one domain since midnight by the clock of this computer. */
export const usageTodaySchema = z.object({ domain: z.string(), http: count, https: count, charged: count })
export type UsageToday = z.infer<typeof usageTodaySchema>

export const usageContract = {
  query: base.input(usagePeriodSchema).output(usageReportSchema),
  /** CSV with a header: a line for each step and domain that is not empty. */
  csv: base.input(usagePeriodSchema).output(z.object({ text: z.string() })),
  /** Today's counts of each domain that has any, then changes. */
  watch: base.output(liveOf(usageTodaySchema)),
  /** Null: not set. */
  price: base.output(usagePriceSchema.nullable()),
  /** `read`: price as the caller read it; if it changed since, none is set (`settings.changed_meanwhile`). */
  setPrice: base
    .input(z.object({ price: usagePriceSchema.nullable(), read: usagePriceSchema.nullable().optional() }))
    .output(usagePriceSchema.nullable()),
}
