import { z } from 'zod'

export const keyKindSchema = z.enum(['p256', 'p384', 'rsa2048', 'rsa3072', 'rsa4096'])
export type KeyKind = z.infer<typeof keyKindSchema>
export const keyKinds = keyKindSchema.options

/** Key usage of a certificate of the local authority: TLS servers, TLS clients, or both. */
export const leafUsageSchema = z.enum(['server', 'client', 'both'])
export type LeafUsage = z.infer<typeof leafUsageSchema>

/** Limits, in hours, for the lifetime of a certificate of the local authority. */
export const shortestLifeHours = 1
export const longestLifeDays = 397
export const mostNames = 100

export const lifeHoursSchema = z
  .number()
  .min(shortestLifeHours)
  .max(longestLifeDays * 24)

/** Domains, `*.` wildcards, IP addresses and e-mail addresses, as entered. */
export const namesSchema = z.array(z.string().min(1).max(255)).max(mostNames)

export const issueInputSchema = z.object({
  names: namesSchema.min(1),
  /** Certificates for clients only go to their device with the key: `issueForDevice`. */
  usage: leafUsageSchema.exclude(['client']).default('server'),
  key: keyKindSchema.default('p256'),
  lifeHours: lifeHoursSchema.default(longestLifeDays * 24),
  /** Name in the vault; default: its first domain name. */
  name: z.string().max(120).optional(),
})
export type IssueInput = z.infer<typeof issueInputSchema>

export const archivePassphraseSchema = z
  .string()
  .min(8, 'an archive with a key needs a passphrase of 8 characters or more')
  .max(1024)

export const issueForDeviceInputSchema = z.object({
  /** Subject alternative names; may be empty. */
  names: namesSchema.default([]),
  /** Person or device, `Anna's phone`: its common name. */
  holder: z.string().trim().min(1).max(64),
  key: keyKindSchema.default('p256'),
  lifeHours: lifeHoursSchema.default(longestLifeDays * 24),
  passphrase: archivePassphraseSchema,
})
export type IssueForDeviceInput = z.infer<typeof issueForDeviceInputSchema>

/** Reasons of RFC 5280, section 5.3.1, that apply to certificates of servers and clients. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const
export const revocationReasonSchema = z.enum([
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
])
export type RevocationReason = z.infer<typeof revocationReasonSchema>

export const issuedSchema = z.object({
  serialHex: z.string(),
  title: z.string(),
  names: z.array(z.string()),
  /**
   * Origin of the key: `vault` made and stored here, `device` made here and handed out once, `request` made
   * by the sender of a CSR, `acme` by an ACME client.
   */
  source: z.enum(['vault', 'device', 'request', 'acme']),
  usage: leafUsageSchema,
  keyType: z.string(),
  fingerprintSha256: z.string(),
  issuedAt: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  revoked: z.object({ at: z.string(), reason: revocationReasonSchema }).nullable(),
})
export type Issued = z.infer<typeof issuedSchema>
