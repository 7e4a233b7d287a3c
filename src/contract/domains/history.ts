import { z } from 'zod'
import { auditRowSchema } from '../audit/audit.ts'
import { hexSchema } from '../shared/hex.ts'
import { swapImpactSchema } from './domains.ts'

/** Certificate in the audit trail, also after it is erased. */
export const rememberedCertificateSchema = z.object({ name: z.string(), fingerprintSha256: hexSchema })
export type RememberedCertificate = z.infer<typeof rememberedCertificateSchema>

/** Audit entry about a certificate: those served by a domain before and after. */
export const historyEntrySchema = auditRowSchema.extend({
  /** Domains whose certificate this was about; none for an import or a note. */
  domains: z.array(z.string()),
  from: rememberedCertificateSchema.nullable(),
  to: rememberedCertificateSchema.nullable(),
  /** Names lost and gained by a swap. */
  impact: swapImpactSchema.nullable(),
  /** Certificates erased by the change, each with its key. */
  erased: z.array(rememberedCertificateSchema),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>
