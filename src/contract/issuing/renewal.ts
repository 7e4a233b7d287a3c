import { z } from 'zod'
import { timeSchema } from '../shared/time.ts'
import { keyKindSchema } from './issuing.ts'

export const challengeTypeSchema = z.enum(['http-01', 'tls-alpn-01', 'dns-01', 'dns-persist-01'])

/** Challenges by DNS record are the only way for wildcards (RFC 8555, section 7.1.3). */
export function isByDns(challenge: z.infer<typeof challengeTypeSchema>): boolean {
  return challenge === 'dns-01' || challenge === 'dns-persist-01'
}

/** Parameters of an ACME order, for the first one and every renewal. */
export const acmeParametersSchema = z.object({
  keyType: keyKindSchema.default('p256'),
  challenge: challengeTypeSchema.default('http-01'),
  dnsMethod: z.string().max(120).nullable().default(null),
  /** Profile of the authority; null: its default. */
  profile: z.string().max(100).nullable().default(null),
  /** Part of the topmost issuer's name, if the authority offers several chains. */
  preferredIssuer: z.string().max(200).nullable().default(null),
})
export type AcmeParameters = z.infer<typeof acmeParametersSchema>

/**
 * Renewal method. `reminder`: no renewal; a person is reminded that many days before the end. `off`: neither,
 * as for an upload.
 */
export const renewalMethodSchema = z.discriminatedUnion('by', [
  z.object({ by: z.literal('local') }),
  acmeParametersSchema.extend({ by: z.literal('acme') }),
  z.object({ by: z.literal('reminder'), days: z.number().int().min(1).max(365) }),
  z.object({ by: z.literal('off') }),
])
export type RenewalMethod = z.infer<typeof renewalMethodSchema>

export interface RenewalState {
  /** Renewal window of the authority (RFC 9773). */
  window: { start: string; end: string; explanationUrl: string | null; askAgainAt: string } | null
  /** Consecutive failed attempts. */
  attempts: number
  /** Time of the next attempt after a failure. */
  notBefore: string | null
  lastAttempt: { at: string; ok: boolean; code: string | null; summary: string } | null
  /** New certificate that is worse, with the reasons. Null in `certificateId`: it was not issued. */
  held: { certificateId: string | null; reasons: string[] } | null
}

export const certificateRenewalSchema = z.object({
  by: z.enum(['local', 'acme', 'reminder']),
  account: z.string().nullable(),
  at: timeSchema,
  /** Attempts since the last success. */
  attempts: z.number().int(),
  /** Error of the last attempt, and the time of the next one. */
  failure: z.object({ at: timeSchema, code: z.string(), message: z.string(), nextAt: timeSchema }).nullable(),
  /** A new certificate that is worse awaits a person's decision. */
  held: z.object({ certificateId: z.string().nullable(), reasons: z.array(z.string()) }).nullable(),
  /** Due, but the vault is locked. */
  waitsForVault: z.boolean(),
})
export type CertificateRenewal = z.infer<typeof certificateRenewalSchema>

/** Result, or expected result, for one certificate. `held`: the new one would be worse. */
export const renewedSchema = z.object({
  certificate: z.object({ id: z.string(), name: z.string() }),
  outcome: z.enum(['renewed', 'would-renew', 'not-due', 'held', 'failed', 'not-renewable']),
  /** A sentence. */
  message: z.string(),
  code: z.string().nullable(),
  /** Time of the renewal or the next attempt. */
  nextAt: timeSchema.nullable(),
})
export type Renewed = z.infer<typeof renewedSchema>
