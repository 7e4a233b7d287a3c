import { z } from 'zod'

/** Mozilla's profiles for server-side TLS, whose lists the edge has; `compatible` is its "old" from TLS 1.2 on. */
export const cipherProfileSchema = z.enum(['modern', 'intermediate', 'compatible'])
export type CipherProfile = z.infer<typeof cipherProfileSchema>

export const tlsVersionSchema = z.enum(['1.2', '1.3'])
export type TlsVersion = z.infer<typeof tlsVersionSchema>

export const clientCertificatesSchema = z.enum(['off', 'optional', 'required'])

const clientAnchorsSchema = z.array(z.string().max(64 * 1024)).max(100)

/** What is agreed on in a handshake for the domain. */
export const tlsPolicySchema = z.strictObject({
  /** A client that cannot do as much gets the alert protocol_version. */
  minimumVersion: tlsVersionSchema.default('1.2'),
  /** `modern` has ciphers of TLS 1.3 only, so that is then the minimum, whatever is set above. */
  ciphers: cipherProfileSchema.default('intermediate'),
  http2: z.boolean().default(true),
  /** Whether a client may take up an earlier session; never with client certificates, which are then asked for each time. */
  sessionTickets: z.boolean().default(true),
  /** Whether the responder that the certificate names is asked, and its answer sent along (RFC 6066, section 8). */
  ocspStapling: z.boolean().default(false),
  clientCertificates: clientCertificatesSchema.default('off'),
  /** PEM; client certificates must lead to one of these. */
  clientAnchors: clientAnchorsSchema.default([]),
})
export type TlsPolicy = z.infer<typeof tlsPolicySchema>

/** What is to change of it; the rest stays. No default fills in here, which would set what nobody named. */
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
