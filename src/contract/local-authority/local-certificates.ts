import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { certificateFactsSchema } from '../inspect/certificate-facts.ts'
import { timeSchema } from '../shared/time.ts'
import { hexSchema } from '../shared/hex.ts'
import { certificateSummarySchema } from '../domains/domains.ts'
import {
  issueForDeviceInputSchema,
  issueInputSchema,
  issuedSchema,
  revocationReasonSchema,
  keyKindSchema,
  leafUsageSchema,
  lifeHoursSchema,
  longestLifeDays,
  namesSchema,
} from '../issuing/issuing.ts'
import { rememberedCertificateSchema } from '../domains/history.ts'
import { nextPageSchema, pageInputSchema } from '../shared/page.ts'
import { base } from '../shared/procedure-base.ts'

export const readRequestSchema = z.object({
  /** RFC 4514 string; empty where it has none. */
  subject: z.string(),
  names: z.array(z.string()),
  /** Requested usage; null if the request names none. */
  usage: leafUsageSchema.nullable(),
  /** `EC P-256`. */
  key: z.string(),
  spkiSha256: hexSchema,
  /** Requested extensions that are not granted. */
  leftOut: z.array(z.string()),
})
export type ReadRequest = z.infer<typeof readRequestSchema>

/** Exactly one request; other pieces in the files are ignored. */
const requestFiles = z.array(z.file()).min(1).max(10)

const signInputSchema = z.object({
  files: requestFiles,
  /** Default: the request's own usage, else servers. */
  usage: leafUsageSchema.optional(),
  lifeHours: lifeHoursSchema.default(longestLifeDays * 24),
})
export type SignInput = z.infer<typeof signInputSchema>

const signedRequestSchema = z.object({
  asked: readRequestSchema,
  certificate: certificateFactsSchema,
  /** Leaf and intermediate. */
  chainPem: z.string(),
})
export type SignedRequest = z.infer<typeof signedRequestSchema>

const requestInputSchema = z.object({
  names: namesSchema.min(1),
  /** Default: the first domain. */
  commonName: z.string().trim().min(1).max(64).optional(),
  key: keyKindSchema.default('p256'),
})
export type RequestInput = z.infer<typeof requestInputSchema>

/** CSR whose key is in the vault and whose certificate is pending. */
export const waitingRequestSchema = z.object({
  id: z.string(),
  title: z.string(),
  names: z.array(z.string()),
  keyType: z.string(),
  spkiSha256: hexSchema,
  createdAt: timeSchema,
  pem: z.string(),
})
export type WaitingRequest = z.infer<typeof waitingRequestSchema>

/** Service for the authority's CRL and OCSP responses, on loopback; off by default. */
export const revocationServiceSchema = z.object({
  /** Configured port; null: off. */
  port: z.number().int().nullable(),
  /** `http://127.0.0.1:8888`; null while it is not served. */
  address: z.string().nullable(),
  /** Reason, as a sentence, why it is enabled and not running. */
  problem: z.string().nullable(),
})
export type RevocationService = z.infer<typeof revocationServiceSchema>

/** Id, name in the vault, serial number, or the start of a SHA-256 fingerprint. */
const byReference = z.object({ reference: z.string().min(1).max(200) })

const reissuedSchema = z.object({
  old: rememberedCertificateSchema,
  certificate: certificateSummarySchema,
  domains: z.array(z.string()),
})
export type Reissued = z.infer<typeof reissuedSchema>

/** Certificates of the local authority, beyond those issued automatically for domains. */
export const localCertificatesContract = {
  /** Makes a key in the vault, and a certificate for it, which is kept. */
  issue: base.input(issueInputSchema).output(certificateSummarySchema),
  /** Returns a client certificate once, with its key, as PKCS#12. The key is not stored. */
  issueForDevice: base.input(issueForDeviceInputSchema).output(z.file()),
  /** Reads a CSR made elsewhere; nothing is signed. */
  readRequest: base.input(z.object({ files: requestFiles })).output(readRequestSchema),
  sign: base.input(signInputSchema).output(signedRequestSchema),
  /** Makes a key in the vault and a CSR for it; the returned certificate is matched by the key. */
  request: base.input(requestInputSchema).output(waitingRequestSchema),
  /** Emits one event at first, and one after each change that may concern issued certificates or offers. */
  watch: base.output(eventIterator(z.object({}))),
  requests: base.output(z.array(waitingRequestSchema)),
  /** Signed certificates on record, newest first. */
  issued: base
    .input(pageInputSchema)
    .output(z.object({ issued: z.array(issuedSchema), next: nextPageSchema })),
  /**
   * Revokes a certificate in CRL and OCSP responses; it stays where it is. `dryRun` returns the certificate
   * if it can be revoked, without a change.
   */
  revoke: base
    .input(
      byReference.extend({
        reason: revocationReasonSchema.default('unspecified'),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(issuedSchema),
  /**
   * Issues a certificate with the same names, usage, lifetime and key type, with a new key, for its domains.
   */
  reissue: base.input(byReference).output(reissuedSchema),
  revocationService: base.output(revocationServiceSchema),
  /** Sets the service's loopback port; null: off. New certificates have its URLs while it is on. */
  setRevocationService: base
    .input(z.object({ port: z.number().int().min(1).max(65_535).nullable() }))
    .output(revocationServiceSchema),
  /** Erases a request and its key. `reference`: an id or title. */
  forgetRequest: base.input(z.object({ reference: z.string() })).output(z.object({ title: z.string() })),
}
