import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'

const daySchema = z.iso.date()

const namedCertificateSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The names that it covers. */
  covers: z.array(z.string()),
})

/** Who renews it. `reminder`: a person, who is told before; `nobody`: a person, who is not. */
export const renewedBySchema = z.enum(['local', 'acme', 'reminder', 'nobody'])
export type RenewedBy = z.infer<typeof renewedBySchema>

export const calendarEntrySchema = z.object({
  at: timeSchema,
  /** It is renewed, a person is reminded of it, or it ends and nothing renews it. */
  kind: z.enum(['renew', 'remind', 'end']),
  certificate: namedCertificateSchema,
  by: renewedBySchema,
  /** How many times it will have been renewed before; from 1 on this is foreseen and not planned. */
  generation: z.number().int(),
  /** Of the certificate that is issued then; null where none is. */
  lifeDays: z.number().nullable(),
  /** Of a certificate that is renewed too often to list each time: this entry stands for so many, up to the end. */
  repeats: z.object({ everyMinutes: z.number(), times: z.number().int() }).nullable(),
})
export type CalendarEntry = z.infer<typeof calendarEntrySchema>

/** From a day on: how long a new one lives, and how often it is replaced in a year. */
export const forecastStageSchema = z.object({
  from: daySchema,
  lifeDays: z.number(),
  perYear: z.number().int(),
})

export const lifetimeForecastSchema = z.object({
  certificate: namedCertificateSchema,
  by: renewedBySchema,
  authority: z.enum(['public', 'lets-encrypt', 'private']),
  /** Today's first, then what rules that are known change. */
  stages: z.array(forecastStageSchema).min(1),
  /** The rules make it more work for a person. */
  needsPerson: z.boolean(),
  /** What it means: a sentence or two. */
  meaning: z.string(),
})
export type LifetimeForecast = z.infer<typeof lifetimeForecastSchema>

export const mostCalendarMonths = 36

export const renewalCalendarSchema = z.object({
  /** When it was made, by the engine's clock. */
  at: timeSchema,
  until: timeSchema,
  /** By time. */
  entries: z.array(calendarEntrySchema),
  /** Where there was too much to show all of it: up to here nothing is missing. */
  completeUntil: timeSchema.nullable(),
  /** Of every certificate that is in use or kept, by name. */
  forecasts: z.array(lifetimeForecastSchema),
  /** The days between the two times from which new certificates live shorter. */
  rules: z.array(
    z.object({ from: daySchema, days: z.number().int(), of: z.enum(['public', 'lets-encrypt']) }),
  ),
})
export type RenewalCalendar = z.infer<typeof renewalCalendarSchema>

export const calendarInputSchema = z.object({
  months: z.number().int().min(1).max(mostCalendarMonths).default(12),
})
