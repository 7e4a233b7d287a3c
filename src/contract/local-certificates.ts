import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { certificateFactsSchema, timeSchema } from './certificate-facts.ts'
import { hexSchema } from './hex.ts'
import { certificateSummarySchema } from './domains.ts'
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
} from './issuing.ts'
import { rememberedCertificateSchema } from './records.ts'
import { nextPageSchema, pageInputSchema } from './page.ts'
import { base } from './procedure-base.ts'

/** What a certificate request asks for. */
export const readRequestSchema = z.object({
  /** RFC 4514 string; empty where it has none. */
  subject: z.string(),
  names: z.array(z.string()),
  /** Null where it says nothing of it. */
  usage: leafUsageSchema.nullable(),
  /** `EC P-256`. */
  key: z.string(),
  spkiSha256: hexSchema,
  /** Extensions that it asks for besides, and does not get. */
  leftOut: z.array(z.string()),
})
export type ReadRequest = z.infer<typeof readRequestSchema>

/** One request; what else is in the files is passed over. */
const requestFiles = z.array(z.file()).min(1).max(10)

const signInputSchema = z.object({
  files: requestFiles,
  /** Absent: what the request asks for, else servers. */
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
  /** Else the first domain. */
  commonName: z.string().trim().min(1).max(64).optional(),
  key: keyKindSchema.default('p256'),
})
export type RequestInput = z.infer<typeof requestInputSchema>

/** A request whose key is in the vault, until its certificate comes back. */
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

/** Where the authority's revocation list and OCSP answers are served, on loopback; off at first. */
export const revocationServiceSchema = z.object({
  /** The port it is set to; null: off. */
  port: z.number().int().nullable(),
  /** `http://127.0.0.1:8888`; null while it is not served. */
  address: z.string().nullable(),
  /** Why it is not served although it is set to, a sentence. */
  problem: z.string().nullable(),
})
export type RevocationService = z.infer<typeof revocationServiceSchema>

/** An id, a name in the vault, a serial number, or the start of a SHA-256 fingerprint. */
const byReference = z.object({ reference: z.string().min(1).max(200) })

const reissuedSchema = z.object({
  old: rememberedCertificateSchema,
  certificate: certificateSummarySchema,
  /** The domains that have the new one now. */
  domains: z.array(z.string()),
})
export type Reissued = z.infer<typeof reissuedSchema>

/** Certificates of the local authority, beyond those that a domain gets by itself. */
export const localCertificatesContract = {
  /** Makes a key in the vault, where it stays, and a certificate for it, which is kept. */
  issue: base.input(issueInputSchema).output(certificateSummarySchema),
  /**
   * Makes a certificate for clients and answers it once, with its key, as PKCS#12 under the passphrase.
   * Nothing of the key stays here.
   */
  issueForDevice: base.input(issueForDeviceInputSchema).output(z.file()),
  /** What a request from outside asks for; nothing is signed. */
  readRequest: base.input(z.object({ files: requestFiles })).output(readRequestSchema),
  /** Signs it. */
  sign: base.input(signInputSchema).output(signedRequestSchema),
  /** Makes a key in the vault and a request for it; the certificate that comes back is matched by it. */
  request: base.input(requestInputSchema).output(waitingRequestSchema),
  /** One event at first, and one after each change that may have to do with what is issued or offered here. */
  watch: base.output(eventIterator(z.object({}))),
  requests: base.output(z.array(waitingRequestSchema)),
  /** Certificates that the authority has signed and that are on record, the newest first. */
  issued: base
    .input(pageInputSchema)
    .output(z.object({ issued: z.array(issuedSchema), next: nextPageSchema })),
  /** Its revocation list and OCSP say so from then on; the certificate stays where it is. */
  /** `dryRun` answers with the certificate that is meant, if it can be revoked, and changes nothing. */
  revoke: base
    .input(
      byReference.extend({
        reason: revocationReasonSchema.default('unspecified'),
        dryRun: z.boolean().default(false),
      }),
    )
    .output(issuedSchema),
  /** The same names, usage, life and type of key again, with a new key; its domains get it. */
  reissue: base.input(byReference).output(reissuedSchema),
  revocationService: base.output(revocationServiceSchema),
  /** Turns it on at a port of loopback, or off with null. New certificates say where it is while it is on. */
  setRevocationService: base
    .input(z.object({ port: z.number().int().min(1).max(65_535).nullable() }))
    .output(revocationServiceSchema),
  /** Erases a request and its key. `reference`: an id or its title. */
  forgetRequest: base.input(z.object({ reference: z.string() })).output(z.object({ title: z.string() })),
}
