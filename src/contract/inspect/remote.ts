import { z } from 'zod'
import { certificateFactsSchema } from './certificate-facts.ts'
import { comparisonSchema } from './comparison.ts'
import { diagnosedSchema } from './diagnosis.ts'

export const remoteReportSchema = z.object({
  /** `shop.test:443`. */
  address: z.string(),
  /** Server name in the handshake; empty for an IP address. */
  serverName: z.string(),
  handshake: z.object({
    protocol: z.string(),
    cipher: z.string(),
    alpn: z.string(),
    /** Negotiated group; with ML-KEM in its name the exchange is post-quantum. */
    group: z.string().nullable(),
    tookMs: z.number(),
  }),
  /** Certificates in the order sent. */
  chain: z.array(certificateFactsSchema),
  /** The chain as PEM, for other calls that take a file. */
  pem: z.string(),
  diagnosed: diagnosedSchema,
  /** Comparison with the given file; null without one. */
  comparison: comparisonSchema.nullable(),
})
export type RemoteReport = z.infer<typeof remoteReportSchema>
