import { devServerKindSchema } from '../shared/dev-servers.ts'
import { z } from 'zod'
import { answerSchema, fourAnswersSchema } from '../inspect/certificate-facts.ts'
import { timeSchema } from '../shared/time.ts'
import { hexSchema } from '../shared/hex.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { originSchema, originStateSchema } from './origins.ts'
import { policiesSchema } from './policies.ts'
import { certificateRenewalSchema } from '../issuing/renewal.ts'
import { staplingSchema } from '../issuing/stapling.ts'

export { originDefaults, originSchema, type Origin, type ServerOrigin } from './origins.ts'

export const redirectModeSchema = z.enum(['none', 'https', 'http'])
export const redirectCodeSchema = z.union([z.literal(301), z.literal(302), z.literal(307), z.literal(308)])
export const redirectSchema = z.object({ mode: redirectModeSchema, code: redirectCodeSchema })
export type Redirect = z.infer<typeof redirectSchema>
export const redirectDefaults = { mode: 'none', code: 301 } as const satisfies Redirect

export const httpsStateSchema = z.enum(['off', 'on', 'paused'])

/** Reason why the edge has no key for a domain with HTTPS on, so that nothing answers there. */
export const outageSchema = z.enum(['vault-locked', 'key-unreadable'])
export type Outage = z.infer<typeof outageSchema>

/** `expiring`: a person has to act (`expiryAt`); `last-week`: and at most seven days are left. */
export const expiryStateSchema = z.enum(['not-yet-valid', 'ok', 'expiring', 'last-week', 'expired'])
export type ExpiryState = z.infer<typeof expiryStateSchema>

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
  /** Note of a person; empty without one. */
  note: z.string(),
  tags: z.array(z.string()),
  /** Person or team that is responsible for it; empty without one. */
  owner: z.string(),
  /** State at the time of the answer, by the engine's clock. */
  expiry: expiryStateSchema,
  /** Its names cover every domain that uses it. */
  covering: z.boolean(),
  /** Revoked by the local authority, or by the OCSP responder queried for stapling; null if unknown. */
  revoked: z.boolean().nullable(),
  /** Automatic renewal or reminder; null: neither. */
  renewal: certificateRenewalSchema.nullable(),
})
export type CertificateSummary = z.infer<typeof certificateSummarySchema>

/** Certificate as its domain shows it: without what depends on other domains. */
export const servedCertificateSchema = certificateSummarySchema.omit({ usedBy: true, covering: true })
export type ServedCertificate = z.infer<typeof servedCertificateSchema>

export const checkStepSchema = z.object({
  /** `http`, `https`, `redirect`, `origin`. */
  id: z.string(),
  title: z.string(),
  ok: z.boolean(),
  /** It works, and needs a look. */
  caution: z.boolean().optional(),
  /** A sentence. */
  seen: z.string(),
  /** Duration in milliseconds, where one was measured. */
  tookMs: z.number().optional(),
  /** Development server behind the domain that refuses its name. */
  refusedBy: devServerKindSchema.optional(),
})

/** Results of real requests through the edge. */
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
  /** Name in U-labels. */
  displayName: z.string(),
  origin: originSchema,
  /**
   * Origin states in order of attempts: with several origins or a health check as soon as the edge runs, else
   * the last answer once the edge has had one.
   */
  originStates: z.array(originStateSchema),
  https: z.object({
    state: httpsStateSchema,
    /** Null while it is served, while HTTPS is off or paused, and without an edge. */
    outage: outageSchema.nullable(),
    certificate: servedCertificateSchema.nullable(),
    /** Certificate before the last swap, while its key is in the vault. */
    previousCertificate: z.object({ id: z.string(), name: z.string() }).nullable(),
    nameCovered: answerSchema.nullable(),
    /** Null without stapling or without an edge. */
    stapling: staplingSchema.nullable(),
  }),
  redirect: redirectSchema,
  policies: policiesSchema,
  tags: z.array(z.string()),
  lastCheck: z
    .object({
      at: timeSchema,
      ok: z.boolean(),
      summary: z.string(),
      /** The edge has other ports since, or another program came to or left one of its ports. */
      portsChanged: z.boolean(),
    })
    .nullable(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
})
export type Domain = z.infer<typeof domainSchema>

/** Every change returns its configuration version and the one in effect on the edge (null: no edge runs). */
export const effectSchema = z.object({
  version: z.number().int(),
  inEffect: z.number().int().nullable(),
})
export type Effect = z.infer<typeof effectSchema>

const mostFreeNames = 50

export const certificateSourceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('vault'), certificateId: z.string() }),
  z.object({
    type: z.literal('upload'),
    stagingId: z.string(),
    name: z.string().max(120).optional(),
    /** Keeps it in "My certificates" after HTTPS is turned off. */
    keep: z.boolean().default(false),
  }),
  z.object({
    type: z.literal('free'),
    /** Names besides the domain. */
    names: z.array(domainNameSchema).max(mostFreeNames).optional(),
  }),
  /** Resumes a paused domain with its certificate. */
  z.object({ type: z.literal('current') }),
  /** Rolls back to the certificate before the last swap. */
  z.object({ type: z.literal('previous') }),
])
export type CertificateSource = z.infer<typeof certificateSourceSchema>

/** Effects of a swap, shown before it is made. */
export const swapImpactSchema = z.object({
  namesLost: z.array(z.string()),
  namesGained: z.array(z.string()),
})
export type SwapImpact = z.infer<typeof swapImpactSchema>
