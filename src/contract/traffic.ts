import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { domainNameSchema } from './domain-name.ts'

/** How much of the latest traffic the engine holds in memory; none of it is ever stored. */
export const trafficRing = 5000

const common = {
  /** Counts up from 1 in each run of the engine. */
  id: z.number().int().positive(),
  at: timeSchema,
  /** The domain that was meant: as it is configured, or else as it was asked for; null where none was. */
  domain: z.string().nullable(),
  clientAddress: z.string(),
}

/** A request and what became of it, told when it has ended. */
export const exchangeRowSchema = z.object({
  kind: z.literal('exchange'),
  ...common,
  method: z.string(),
  /** Absolute; empty where the request could not be read. The values in its query are masked unless asked for. */
  url: z.string(),
  protocol: z.enum(['HTTP/1.1', 'HTTP/2']),
  /** Null where the client was gone before an answer. */
  status: z.number().int().nullable(),
  /** Of bodies. */
  requestBytes: z.number().int(),
  responseBytes: z.number().int(),
  totalMs: z.number(),
  /** Where a redirect of ours sent it. */
  redirectedTo: z.string().nullable(),
  /** What went wrong, in words. */
  error: z.string().nullable(),
})

/** A TLS handshake that led to no connection. */
export const refusedRowSchema = z.object({
  kind: z.literal('refused'),
  ...common,
  /** The name that the client asked for; null where it named none. */
  serverName: z.string().nullable(),
  /** Why, in words. */
  reason: z.string(),
})

export const trafficRowSchema = z.discriminatedUnion('kind', [exchangeRowSchema, refusedRowSchema])
export type ExchangeRow = z.infer<typeof exchangeRowSchema>
export type RefusedRow = z.infer<typeof refusedRowSchema>
export type TrafficRow = z.infer<typeof trafficRowSchema>

/** The rows there are, oldest first; then those that come, ten times a second at most. */
export const trafficEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), rows: z.array(trafficRowSchema) }),
  z.object({
    type: z.literal('rows'),
    rows: z.array(trafficRowSchema),
    /** So many more came at the same time and are not shown. */
    notShown: z.number().int(),
  }),
  z.object({ type: z.literal('cleared') }),
])
export type TrafficEvent = z.infer<typeof trafficEventSchema>

/** In milliseconds; null for what did not happen, because a connection was there or no origin was asked. */
const timingsSchema = z.object({
  /** From the request to a connection to the origin being there or begun. */
  queueMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  /** From the request having been sent on to the head of the response. */
  firstByteMs: z.number().nullable(),
  /** From the head of the response to its end. */
  receiveMs: z.number().nullable(),
  totalMs: z.number(),
})

export const helloFactsSchema = z.object({
  serverName: z.string().nullable(),
  /** What the client offers, best first. */
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
  serverName: z.string().nullable(),
  alpn: z.string().nullable(),
  resumed: z.boolean(),
  /** What the client began with; null where nobody looked when the connection was made. */
  hello: helloFactsSchema.nullable(),
})
export type TlsFacts = z.infer<typeof tlsFactsSchema>

export const shownFieldSchema = z.object({
  name: z.string(),
  value: z.string(),
  /** Whether something of the value is not shown. */
  masked: z.boolean(),
})
export type ShownField = z.infer<typeof shownFieldSchema>

const fieldsSchema = z.object({
  fields: z.array(shownFieldSchema),
  /** There were more or longer ones than are kept. */
  cut: z.boolean(),
})

export const exchangeDetailSchema = exchangeRowSchema.extend({
  timings: timingsSchema,
  tls: tlsFactsSchema.nullable(),
  /** The origin that was asked, and whether over a connection that was there already; to a folder there is none. */
  upstream: z.object({ address: z.string(), reused: z.boolean().nullable() }).nullable(),
  /** Null where nobody looked when it went through. */
  request: fieldsSchema.nullable(),
  response: fieldsSchema.nullable(),
  /** Whether `traffic.replay` can send it again. */
  replayable: z.boolean(),
})
export type ExchangeDetail = z.infer<typeof exchangeDetailSchema>

export const refusedDetailSchema = refusedRowSchema.extend({
  hello: helloFactsSchema.nullable(),
})
export const trafficDetailSchema = z.discriminatedUnion('kind', [exchangeDetailSchema, refusedDetailSchema])
export type TrafficDetail = z.infer<typeof trafficDetailSchema>

export const watchTrafficSchema = z.object({
  /** Shows what is masked by default. Asked for anew in each call, kept nowhere. */
  reveal: z.boolean().default(false),
  domain: domainNameSchema.optional(),
})

export const replayedSchema = z.object({ status: z.number().int(), tookMs: z.number() })

/** The access log: one JSON line a request, without what `reveal` would show. */
export const accessLogSchema = z.object({ enabled: z.boolean() })
export type AccessLog = z.infer<typeof accessLogSchema>
/** `file` is the whole path, whether there is such a file yet or not. */
export const accessLogStateSchema = accessLogSchema.extend({ file: z.string() })
export type AccessLogState = z.infer<typeof accessLogStateSchema>
