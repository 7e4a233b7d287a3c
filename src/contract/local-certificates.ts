import { z } from 'zod'
import { certificateFactsSchema, hexSchema, timeSchema } from './certificate-facts.ts'
import { certificateSummarySchema } from './domains.ts'
import {
  issueForDeviceInputSchema,
  issueInputSchema,
  keyKindSchema,
  leafUsageSchema,
  lifeHoursSchema,
  LONGEST_LIFE_DAYS,
  namesSchema,
} from './issuing.ts'
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
  lifeHours: lifeHoursSchema.default(LONGEST_LIFE_DAYS * 24),
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
  requests: base.output(z.array(waitingRequestSchema)),
  /** Erases a request and its key. `reference`: an id or its title. */
  forgetRequest: base.input(z.object({ reference: z.string() })).output(z.object({ title: z.string() })),
}
