import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { domainNameSchema } from '../shared/domain-name.ts'

/** Exchanges in the engine's ring buffer; none is ever stored. */
export const trafficRing = 5000

const common = {
  /** Counts up from 1 in each run of the engine. */
  id: z.number().int().positive(),
  at: timeSchema,
  /** Configured domain, else the requested name; null without one. */
  domain: z.string().nullable(),
  clientAddress: z.string(),
}

/** Request with its response, reported at its end. */
export const exchangeRowSchema = z.object({
  kind: z.literal('exchange'),
  ...common,
  method: z.string(),
  /** Absolute URL; empty if the request could not be read. Query values are masked unless `reveal` is set. */
  url: z.string(),
  protocol: z.enum(['HTTP/1.1', 'HTTP/2']),
  /** Null if the client left before a response. */
  status: z.number().int().nullable(),
  /** Sizes of bodies. */
  requestBytes: z.number().int(),
  responseBytes: z.number().int(),
  totalMs: z.number(),
  /** Target of the edge's redirect. */
  redirectedTo: z.string().nullable(),
  error: z.string().nullable(),
  /** Whether `traffic.replay` can send it again: a GET or HEAD request that was recorded whole. */
  replayable: z.boolean(),
})

/** TLS handshake that failed. */
export const refusedRowSchema = z.object({
  kind: z.literal('refused'),
  ...common,
  /** SNI; null without one. */
  serverName: z.string().nullable(),
  reason: z.string(),
})

export const trafficRowSchema = z.discriminatedUnion('kind', [exchangeRowSchema, refusedRowSchema])
export type ExchangeRow = z.infer<typeof exchangeRowSchema>
export type RefusedRow = z.infer<typeof refusedRowSchema>
export type TrafficRow = z.infer<typeof trafficRowSchema>

/** Existing rows, oldest first; then new ones, in at most ten events a second. */
export const trafficEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), rows: z.array(trafficRowSchema) }),
  z.object({
    type: z.literal('rows'),
    rows: z.array(trafficRowSchema),
    /** Number of further rows of the same time that are not shown. */
    notShown: z.number().int(),
  }),
  z.object({ type: z.literal('cleared') }),
])
export type TrafficEvent = z.infer<typeof trafficEventSchema>

/** Milliseconds; null for a step that did not happen, because of a reused connection or without an origin. */
const timingsSchema = z.object({
  /** Time until a connection to the origin exists or begins. */
  queueMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  /** Time between the sent request and the head of the response. */
  firstByteMs: z.number().nullable(),
  /** Time between the head of the response and its end. */
  receiveMs: z.number().nullable(),
  totalMs: z.number(),
})

export const helloFactsSchema = z.object({
  serverName: z.string().nullable(),
  /** Versions that the client offers, best first. */
  versions: z.array(z.string()),
  alpn: z.array(z.string()),
  groups: z.array(z.string()),
  /** https://github.com/FoxIO-LLC/ja4 */
  ja4: z.string(),
})
export type HelloFacts = z.infer<typeof helloFactsSchema>

export const tlsFactsSchema = z.object({
  version: z.string(),
  cipher: z.string(),
  /** Negotiated group; null before TLS 1.3. */
  group: z.string().nullable(),
  serverName: z.string().nullable(),
  alpn: z.string().nullable(),
  resumed: z.boolean(),
  /** ClientHello; null if nobody watched when the connection was made. */
  hello: helloFactsSchema.nullable(),
})
export type TlsFacts = z.infer<typeof tlsFactsSchema>

export const shownFieldSchema = z.object({
  name: z.string(),
  value: z.string(),
  masked: z.boolean(),
})
export type ShownField = z.infer<typeof shownFieldSchema>

const fieldsSchema = z.object({
  fields: z.array(shownFieldSchema),
  /** Some fields were dropped or truncated for size. */
  cut: z.boolean(),
})

export const exchangeDetailSchema = exchangeRowSchema.extend({
  timings: timingsSchema,
  tls: tlsFactsSchema.nullable(),
  /** Origin, and whether its connection was reused; a folder has no connection. */
  upstream: z.object({ address: z.string(), reused: z.boolean().nullable() }).nullable(),
  /** Null if nobody watched at that time. */
  request: fieldsSchema.nullable(),
  response: fieldsSchema.nullable(),
})
export type ExchangeDetail = z.infer<typeof exchangeDetailSchema>

export const refusedDetailSchema = refusedRowSchema.extend({
  hello: helloFactsSchema.nullable(),
})
export const trafficDetailSchema = z.discriminatedUnion('kind', [exchangeDetailSchema, refusedDetailSchema])
export type TrafficDetail = z.infer<typeof trafficDetailSchema>

export const watchTrafficSchema = z.object({
  /** Shows values that are masked by default. Set per call, stored nowhere. */
  reveal: z.boolean().default(false),
  domain: domainNameSchema.optional(),
})

export const replayedSchema = z.object({ status: z.number().int(), tookMs: z.number() })

/** Access log: one JSON line per request, without masked values. */
export const accessLogSchema = z.object({ enabled: z.boolean() })
export type AccessLog = z.infer<typeof accessLogSchema>
/** `file`: absolute path, whether the file exists or not. */
export const accessLogStateSchema = accessLogSchema.extend({ file: z.string() })
export type AccessLogState = z.infer<typeof accessLogStateSchema>
