import { z } from 'zod'
import { hexSchema } from '../shared/hex.ts'
import { portSchema } from '../shared/port.ts'
import { base } from '../shared/procedure-base.ts'
import { timeSchema } from '../shared/time.ts'

/** Limit of watched servers. */
export const mostWatches = 500
/** Ten minutes to 31 days. */
const minutesSchema = z.number().int().min(10).max(44_640)

export const watchFaultSchema = z.object({
  /**
   * `unreachable` no handshake; `another` no certificate of the vault; `differs` not the same on every address;
   * `expiring` within 14 days; the others are the four verdicts.
   */
  kind: z.enum([
    'unreachable',
    'another',
    'differs',
    'expiring',
    'validity',
    'authority',
    'signature',
    'name',
  ]),
  sentence: z.string(),
})
export type WatchFault = z.infer<typeof watchFaultSchema>

/** Result of one look at a server, on all of its addresses. */
export const watchResultSchema = z.object({
  at: timeSchema,
  /** `offline`: this computer has no network, so nothing is known. */
  state: z.enum(['ok', 'fault', 'offline']),
  faults: z.array(watchFaultSchema),
  addresses: z.array(z.string()),
  /** Leaf on the first address; null without a handshake. */
  certificate: z
    .object({ title: z.string(), issuer: z.string(), notAfter: timeSchema, fingerprintSha256: hexSchema })
    .nullable(),
  /** Whether the vault has this certificate; null if it has none for the name. */
  inVault: z.boolean().nullable(),
  protocol: z.string().nullable(),
  /** Negotiated group; null if unknown. */
  group: z.string().nullable().default(null),
  /** Value of Strict-Transport-Security; null without one. */
  hsts: z.string().nullable(),
})
export type WatchResult = z.infer<typeof watchResultSchema>

export const watchSchema = z.object({
  host: z.string().min(1).max(255),
  port: portSchema,
  everyMinutes: minutesSchema,
  addedAt: timeSchema,
  /** Null before the first look. */
  last: watchResultSchema.nullable(),
  /** Results that differed from the one before, newest first. */
  history: z.array(watchResultSchema),
})
export type Watch = z.infer<typeof watchSchema>

const serverSchema = watchSchema.pick({ host: true, port: true })
export type WatchedServer = z.infer<typeof serverSchema>

export const watchContract = {
  list: base.output(z.array(watchSchema)),
  /** Adds servers, or sets the interval of those that are there. */
  add: base
    .input(z.object({ servers: z.array(serverSchema).min(1).max(mostWatches), everyMinutes: minutesSchema }))
    .output(z.array(watchSchema)),
  remove: base.input(serverSchema).output(z.object({})),
  /** Looks now, at those servers or at all. */
  check: base
    .input(z.object({ servers: z.array(serverSchema).max(mostWatches).optional() }))
    .output(z.array(watchSchema)),
}
