import { z } from 'zod'
import { timeSchema } from './certificate-facts.ts'
import { keyKindSchema } from './issuing.ts'

export const challengeTypeSchema = z.enum(['http-01', 'tls-alpn-01', 'dns-01', 'dns-persist-01'])

/** Whether a challenge is met by a record in the DNS, which is the only way for wildcards (RFC 8555, section 7.1.3). */
export function isByDns(challenge: z.infer<typeof challengeTypeSchema>): boolean {
  return challenge === 'dns-01' || challenge === 'dns-persist-01'
}

/** What is asked of an authority that speaks ACME, the first time and with every renewal. */
export const acmeWishSchema = z.object({
  keyType: keyKindSchema.default('p256'),
  challenge: challengeTypeSchema.default('http-01'),
  /** Of the DNS method that dns-01 takes. */
  dnsMethod: z.string().max(120).nullable().default(null),
  /** A profile of the authority; null: its default. */
  profile: z.string().max(100).nullable().default(null),
  /** Words in the name of the topmost issuer, where the authority offers several chains. */
  preferredIssuer: z.string().max(200).nullable().default(null),
})
export type AcmeWish = z.infer<typeof acmeWishSchema>

/** How a certificate is renewed. `reminder`: not at all; a person is told so many days before its end. */
export const renewalMethodSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('local') }),
  acmeWishSchema.extend({ by: z.literal('acme') }),
  z.object({ by: z.literal('reminder'), days: z.number().int().min(1).max(365) }),
])
export type RenewalMethod = z.infer<typeof renewalMethodSchema>

/** How it goes, as the vault keeps it. */
export interface RenewalState {
  /** The authority's own window (RFC 9773). */
  window: { start: string; end: string; explanationUrl: string | null; askAgainAt: string } | null
  /** Failed attempts in a row. */
  attempts: number
  /** Not before this, after a failure. */
  notBefore: string | null
  lastAttempt: { at: string; ok: boolean; code: string | null; summary: string } | null
  /** A new certificate that would be worse, and how. Null in `certificateId`: it was not made. */
  held: { certificateId: string | null; reasons: string[] } | null
}

/** What lists show of it. */
export const certificateRenewalSchema = z.object({
  by: z.enum(['local', 'acme', 'reminder']),
  /** Of the ACME account, by name. */
  account: z.string().nullable(),
  /** When it is to be renewed, or reminded of. */
  at: timeSchema,
  /** Since the last that went well. */
  attempts: z.number().int(),
  /** Why the last attempt failed, and when the next one is. */
  failure: z.object({ at: timeSchema, code: z.string(), message: z.string(), nextAt: timeSchema }).nullable(),
  /** A new certificate waits for a person, because it would be worse. */
  held: z.object({ certificateId: z.string().nullable(), reasons: z.array(z.string()) }).nullable(),
  /** It is due, and nothing can be done while the vault is locked. */
  waitsForVault: z.boolean(),
})
export type CertificateRenewal = z.infer<typeof certificateRenewalSchema>

/** What became, or would become, of one certificate. `held`: the new one would be worse. */
export const renewedSchema = z.object({
  certificate: z.object({ id: z.string(), name: z.string() }),
  outcome: z.enum(['renewed', 'would-renew', 'not-due', 'held', 'failed', 'not-renewable']),
  /** A sentence. */
  message: z.string(),
  code: z.string().nullable(),
  /** When it is due, or tried again. */
  nextAt: timeSchema.nullable(),
})
export type Renewed = z.infer<typeof renewedSchema>
