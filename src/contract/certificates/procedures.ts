import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { historyEntrySchema } from '../domains/history.ts'
import { certificateFactsSchema, verificationSchema } from '../inspect/certificate-facts.ts'
import { passphraseSchema } from '../custody/custody.ts'
import { certificateSummarySchema, effectSchema } from '../domains/domains.ts'
import { liveOf } from '../shared/live-event.ts'
import { base } from '../shared/procedure-base.ts'
import { tagChangesSchema, tagsSchema } from '../shared/tags.ts'
import { importEventSchema, noteSchema, ownerSchema, replaceInputSchema, replacedSchema } from './records.ts'

/** Files of many certificates; their total stays below the byte limit of every upload. */
const manyFiles = z.array(z.file()).min(1).max(5000)
const byId = z.object({ id: z.string() })

export const certificateDetailSchema = z.object({
  summary: certificateSummarySchema,
  /** Leaf first, then intermediates. */
  chain: z.array(certificateFactsSchema),
  verification: verificationSchema,
})
export type CertificateDetail = z.infer<typeof certificateDetailSchema>

export const certificatesContract = {
  list: base.output(z.array(certificateSummarySchema)),
  watch: base.output(liveOf(certificateSummarySchema)),
  get: base.input(byId).output(certificateDetailSchema),
  /** `reference`: id, name, or the start of a SHA-256 fingerprint. */
  find: base.input(z.object({ reference: z.string() })).output(certificateSummarySchema),
  import: base.input(z.object({ stagingId: z.string(), name: z.string().max(120).optional() })).output(
    certificateSummarySchema.extend({
      /** Name of a certificate that a domain had already; null for a new one. */
      formerName: z.string().nullable(),
    }),
  ),
  rename: base.input(byId.extend({ name: z.string().min(1).max(120) })).output(certificateSummarySchema),
  /** Partial update: omitted fields keep their values. */
  annotate: base
    .input(
      byId.extend({
        note: noteSchema.optional(),
        tags: tagsSchema.optional(),
        owner: ownerSchema.optional(),
      }),
    )
    .output(certificateSummarySchema),
  /** Adds and removes tags of many certificates, in one change. Returns the ids of those that changed. */
  tag: base
    .input(tagChangesSchema.extend({ ids: z.array(z.string()).min(1).max(10_000) }))
    .output(z.object({ changed: z.array(z.string()), effect: effectSchema.nullable() })),
  /** Changes of it, newest first; from the audit trail, so also for a deleted certificate. */
  history: base.input(byId).output(z.array(historyEntrySchema)),
  /** Swaps the certificate of its domains, in one change; `dryRun` only returns the effects. */
  replace: base.input(replaceInputSchema).output(replacedSchema),
  /**
   * Reads many files, pairs certificates and keys by public key and stores every pair. An abort leaves the
   * pairs stored so far, or none under `allOrNothing`.
   */
  importMany: base
    .input(
      z.object({
        files: manyFiles,
        allOrNothing: z.boolean().default(false),
        passphrase: passphraseSchema.optional(),
      }),
    )
    .output(eventIterator(importEventSchema)),
  setKept: base.input(byId.extend({ kept: z.boolean() })).output(certificateSummarySchema),
  /** `rollbacks`: domains that can no longer go back to it. */
  remove: base.input(byId).output(z.object({ name: z.string(), rollbacks: z.array(z.string()) })),
  /** Public parts only: `pem` the chain, `leaf` the leaf's PEM, `der` the leaf, `p7b` the chain. */
  export: base
    .input(byId.extend({ format: z.enum(['pem', 'leaf', 'der', 'p7b']) }))
    .output(z.object({ fileName: z.string(), mediaType: z.string(), contentBase64: z.string() })),
}
