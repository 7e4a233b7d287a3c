import { z } from 'zod'
import { answerSchema, fourAnswersSchema, timeSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'
import { domainNameSchema } from './domain-name.ts'
import { originSchema, originStateSchema } from './origins.ts'
import { policiesSchema } from './policies.ts'
import { certificateRenewalSchema } from './renewal.ts'
import { staplingSchema } from './stapling.ts'

export { originDefaults, originSchema, type Origin, type ServerOrigin } from './origins.ts'

export const redirectModeSchema = z.enum(['none', 'https', 'http'])
export const redirectCodeSchema = z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)])
export const redirectSchema = z.object({ mode: redirectModeSchema, code: redirectCodeSchema })
export type Redirect = z.infer<typeof redirectSchema>
export const redirectDefaults = { mode: 'none', code: 301 } as const satisfies Redirect

export const httpsStateSchema = z.enum(['off', 'on', 'paused'])

/** Why the edge has no key for a domain that has HTTPS on, so that nothing answers there. */
export const outageSchema = z.enum(['vault-locked', 'key-unreadable'])
export type Outage = z.infer<typeof outageSchema>

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
  /** By us, or by the OCSP responder that is asked for stapling; null where nobody is asked, or nothing is known yet. */
  revoked: z.boolean().nullable(),
  /** How it is renewed by itself, or when a person is reminded of it; null: neither. */
  renewal: certificateRenewalSchema.nullable(),
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
  /** Where it has several origins or checks one, and an edge runs: how they are, in the order in which they are tried. */
  originStates: z.array(originStateSchema),
  https: z.object({
    state: httpsStateSchema,
    /** Null while it is served, while HTTPS is off or paused, and where no edge runs. */
    outage: outageSchema.nullable(),
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

/** So many more names may a free certificate have. */
const mostFreeNames = 50

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
  z.object({
    type: z.literal('free'),
    /** Names that it covers besides the domain. */
    names: z.array(domainNameSchema).max(mostFreeNames).optional(),
  }),
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
