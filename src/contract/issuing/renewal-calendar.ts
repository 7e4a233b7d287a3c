import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'

const daySchema = z.iso.date()

const namedCertificateSchema = z.object({
  id: z.string(),
  name: z.string(),
  covers: z.array(z.string()),
})

/** Party that renews it. `reminder`: a person, with a reminder; `nobody`: a person, without one. */
export const renewedBySchema = z.enum(['local', 'acme', 'reminder', 'nobody'])
export type RenewedBy = z.infer<typeof renewedBySchema>

export const calendarEntrySchema = z.object({
  at: timeSchema,
  /** Renewal, reminder, or end without a renewal. */
  kind: z.enum(['renew', 'remind', 'end']),
  certificate: namedCertificateSchema,
  by: renewedBySchema,
  /** Number of renewals before it; from 1 on a forecast, not a plan. */
  generation: z.number().int(),
  /** Lifetime of the new certificate; null if none is issued. */
  lifeDays: z.number().nullable(),
  /** Frequent renewals: the entry stands for `times` of them, up to the end. */
  repeats: z.object({ everyMinutes: z.number(), times: z.number().int() }).nullable(),
})
export type CalendarEntry = z.infer<typeof calendarEntrySchema>

/** Lifetime of new certificates from a day on, and their renewals per year. */
export const forecastStageSchema = z.object({
  from: daySchema,
  lifeDays: z.number(),
  perYear: z.number().int(),
})

export const lifetimeForecastSchema = z.object({
  certificate: namedCertificateSchema,
  by: renewedBySchema,
  authority: z.enum(['public', 'lets-encrypt', 'private']),
  /** The current stage first, then one for each known rule that changes it. */
  stages: z.array(forecastStageSchema).min(1),
  /** The rules make more work for a person. */
  needsPerson: z.boolean(),
  /** Consequence in a sentence or two. */
  meaning: z.string(),
})
export type LifetimeForecast = z.infer<typeof lifetimeForecastSchema>

export const mostCalendarMonths = 36

export const renewalCalendarSchema = z.object({
  /** Time of its computation, by the engine's clock. */
  at: timeSchema,
  until: timeSchema,
  /** Sorted by time. */
  entries: z.array(calendarEntrySchema),
  /** If the list was cut: the time up to which it is complete. */
  completeUntil: timeSchema.nullable(),
  /** Forecasts for every certificate in use or kept, by name. */
  forecasts: z.array(lifetimeForecastSchema),
  /** Days in the period from which new certificates have shorter lifetimes. */
  rules: z.array(
    z.object({ from: daySchema, days: z.number().int(), of: z.enum(['public', 'lets-encrypt']) }),
  ),
})
export type RenewalCalendar = z.infer<typeof renewalCalendarSchema>

export const calendarInputSchema = z.object({
  months: z.number().int().min(1).max(mostCalendarMonths).default(12),
})
