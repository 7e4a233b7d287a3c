import { z } from 'zod'
import { certificateFactsSchema } from './certificate-facts.ts'
import { comparisonSchema } from './comparison.ts'
import { diagnosedSchema } from './diagnosis.ts'

/** What a server shows, looked into. */
export const remoteReportSchema = z.object({
  /** `shop.test:443`. */
  address: z.string(),
  /** The name that was asked for; empty for an IP address. */
  serverName: z.string(),
  handshake: z.object({ protocol: z.string(), cipher: z.string(), alpn: z.string(), tookMs: z.number() }),
  /** As served, first to last. */
  chain: z.array(certificateFactsSchema),
  /** The same as PEM, to give on to the other calls as a file. */
  pem: z.string(),
  /** False where the order in which they were sent could not be seen. */
  asSent: z.boolean(),
  diagnosed: diagnosedSchema,
  /** What is served now against the file given; null where none was. */
  comparison: comparisonSchema.nullable(),
})
export type RemoteReport = z.infer<typeof remoteReportSchema>
