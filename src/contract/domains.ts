import { z } from 'zod'
import { answerSchema, fourAnswersSchema, timeSchema, hexSchema } from './certificate-facts.ts'
import { policiesSchema } from './policies.ts'
import { staplingSchema } from './stapling.ts'

export const portSchema = z.number().int().min(1).max(65535)

export const originProtocolSchema = z.enum(['follow', 'http', 'https', 'h2c'])

export const originSchema = z.object({
  /**
   * `follow`: HTTP requests go to `httpPort`, HTTPS requests to `httpsPort` over TLS. `h2c`: HTTP/2
   * without TLS, known beforehand (RFC 9113, section 3.3), at `httpPort`.
   */
  protocol: originProtocolSchema,
  /** Host name or IP address, IPv6 without brackets. */
  host: z.string().min(1).max(255),
  httpPort: portSchema,
  httpsPort: portSchema,
  /** Host header sent to the origin; null passes on the client's. */
  hostHeader: z.string().max(255).nullable(),
  /** Name in the TLS handshake with the origin; null takes the Host header's name. */
  sni: z.string().max(255).nullable(),
  /** Whether the origin's certificate must verify (public roots, system roots, local authority). */
  verify: z.boolean(),
  /** PEM; where there are any, only these are trusted to vouch for the origin's certificate. */
  anchorsPem: z
    .string()
    .max(256 * 1024)
    .nullable()
    .default(null),
  /** Over TLS: HTTP/2 where the origin offers it, HTTP/1.1 where not. */
  http2: z.boolean().default(false),
})
export type Origin = z.infer<typeof originSchema>

/** What an origin is beyond its address until somebody says otherwise. */
export const originDefaults = {
  hostHeader: null,
  sni: null,
  verify: true,
  anchorsPem: null,
  http2: false,
} satisfies Partial<Origin>

export const redirectModeSchema = z.enum(['none', 'https', 'http'])
export const redirectCodeSchema = z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)])
export const redirectSchema = z.object({ mode: redirectModeSchema, code: redirectCodeSchema })
export type Redirect = z.infer<typeof redirectSchema>

export const httpsStateSchema = z.enum(['off', 'on', 'paused'])

/** Of a certificate's lifetime: the last third is when to renew it, the last seven days when it is urgent. */
export const expiryStateSchema = z.enum(['not-yet-valid', 'ok', 'last-third', 'last-week', 'expired'])
export type ExpiryState = z.infer<typeof expiryStateSchema>

/** What the lists show of a certificate. */
export const certificateSummarySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `uploaded` by a person; `free` issued by the local authority. */
  kind: z.enum(['uploaded', 'free']),
  /** Stays in "My certificates" when its last domain turns HTTPS off. */
  kept: z.boolean(),
  title: z.string(),
  issuer: z.string(),
  dnsNames: z.array(z.string()),
  ipNames: z.array(z.string()),
  notBefore: timeSchema,
  notAfter: timeSchema,
  fingerprintSha256: hexSchema,
  spkiSha256: hexSchema,
  keyType: z.string(),
  addedAt: timeSchema,
  usedBy: z.array(z.string()),
  /** A person's own words on it; empty where there are none. */
  note: z.string(),
  tags: z.array(z.string()),
  /** By the engine's clock, at the moment of the answer. */
  expiry: expiryStateSchema,
  /** Whether its names cover every domain that uses it. */
  covering: z.boolean(),
  /** Null: not known. No revocation list is held, so it never is. */
  revoked: z.boolean().nullable(),
})
export type CertificateSummary = z.infer<typeof certificateSummarySchema>

export const checkStepSchema = z.object({
  /** `http`, `https`, `redirect`, `origin`. */
  id: z.string(),
  title: z.string(),
  ok: z.boolean(),
  /** What was seen, a sentence. */
  seen: z.string(),
  /** Milliseconds, where something was timed. */
  tookMs: z.number().optional(),
})

/** What real requests through the edge saw. */
export const checkReportSchema = z.object({
  domain: z.string(),
  at: timeSchema,
  ok: z.boolean(),
  summary: z.string(),
  steps: z.array(checkStepSchema),
  tls: z
    .object({
      protocol: z.string(),
      cipher: z.string(),
      alpn: z.string(),
      chain: z.array(z.object({ title: z.string(), fingerprintSha256: hexSchema })),
      answers: fourAnswersSchema,
    })
    .nullable(),
  timeToFirstByteMs: z.number().nullable(),
})
export type CheckReport = z.infer<typeof checkReportSchema>

export const domainSchema = z.object({
  name: z.string(),
  /** The name as a person writes it, U-labels. */
  displayName: z.string(),
  origin: originSchema,
  https: z.object({
    state: httpsStateSchema,
    certificate: certificateSummarySchema.nullable(),
    /** The certificate before the last swap, while its key is still held. */
    previousCertificate: z.object({ id: z.string(), name: z.string() }).nullable(),
    /** Whether the certificate's names cover this domain. */
    nameCovered: answerSchema.nullable(),
    /** Null where nothing is stapled, and where no edge runs. */
    stapling: staplingSchema.nullable(),
  }),
  redirect: redirectSchema,
  policies: policiesSchema,
  lastCheck: z.object({ at: timeSchema, ok: z.boolean(), summary: z.string() }).nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
})
export type Domain = z.infer<typeof domainSchema>

/** Every change says which configuration version it made and which is in effect on the edge (null: no edge runs). */
export const effectSchema = z.object({
  version: z.number().int(),
  inEffect: z.number().int().nullable(),
})
export type Effect = z.infer<typeof effectSchema>

/** Where an enabled domain's certificate comes from. */
export const certificateSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vault'), certificateId: z.string() }),
  z.object({
    type: z.literal('upload'),
    stagingId: z.string(),
    name: z.string().max(120).optional(),
    /** Keep it in "My certificates" after HTTPS is turned off. */
    keep: z.boolean().default(false),
  }),
  z.object({ type: z.literal('free') }),
  /** Turn a paused domain on again with the certificate it has. */
  z.object({ type: z.literal('current') }),
  /** Go back to the certificate before the last swap. */
  z.object({ type: z.literal('previous') }),
])
export type CertificateSource = z.infer<typeof certificateSourceSchema>

/** What a certificate change does to a domain, shown before it is made. */
export const swapImpactSchema = z.object({
  namesLost: z.array(z.string()),
  namesGained: z.array(z.string()),
})
export type SwapImpact = z.infer<typeof swapImpactSchema>
