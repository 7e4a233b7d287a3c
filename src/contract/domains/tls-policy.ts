import { z } from 'zod'

/** Mozilla's profiles for server-side TLS; `compatible` is its "old" from TLS 1.2 on. */
export const cipherProfileSchema = z.enum(['modern', 'intermediate', 'compatible'])
export type CipherProfile = z.infer<typeof cipherProfileSchema>

export const tlsVersionSchema = z.enum(['1.2', '1.3'])
export type TlsVersion = z.infer<typeof tlsVersionSchema>

export const clientCertificatesSchema = z.enum(['off', 'optional', 'required'])

const clientAnchorsSchema = z.array(z.string().max(64 * 1024)).max(100)

export const tlsPolicySchema = z.strictObject({
  /** Minimum version; older clients get the alert protocol_version. */
  minimumVersion: tlsVersionSchema.default('1.2'),
  /** `modern` has only ciphers of TLS 1.3, which makes that the minimum version. */
  ciphers: cipherProfileSchema.default('intermediate'),
  http2: z.boolean().default(true),
  /** Allows session resumption; never with client certificates, which are then requested each time. */
  sessionTickets: z.boolean().default(true),
  /** Queries the OCSP responder of the certificate and staples its response (RFC 6066, section 8). */
  ocspStapling: z.boolean().default(false),
  clientCertificates: clientCertificatesSchema.default('off'),
  /** PEM trust anchors for client certificates. */
  clientAnchors: clientAnchorsSchema.default([]),
})
export type TlsPolicy = z.infer<typeof tlsPolicySchema>

/** Partial update. No defaults, so omitted fields keep their values. */
export const tlsChangesSchema = z
  .strictObject({
    minimumVersion: tlsVersionSchema.exactOptional(),
    ciphers: cipherProfileSchema.exactOptional(),
    http2: z.boolean().exactOptional(),
    sessionTickets: z.boolean().exactOptional(),
    ocspStapling: z.boolean().exactOptional(),
    clientCertificates: clientCertificatesSchema.exactOptional(),
    clientAnchors: clientAnchorsSchema.exactOptional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, 'no change is given')
export type TlsChanges = z.infer<typeof tlsChangesSchema>
