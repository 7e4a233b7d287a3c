import { z } from 'zod'
import { certificateSourceSchema, swapImpactSchema } from '../domains/domains.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base, byDomain } from '../shared/procedure-base.ts'
import { rememberedCertificateSchema } from '../domains/history.ts'
import { acceptWorseSchema, keepOldSchema, replacementProblemsSchema } from './records.ts'
import { changedDomain } from '../domains/procedures.ts'

/** Choice of a certificate, or the names of one that an ACME authority is to issue. */
const previewSourceSchema = z.union([
  certificateSourceSchema,
  z.object({ type: z.literal('order'), names: z.array(domainNameSchema).max(99) }),
])
export type PreviewSource = z.infer<typeof previewSourceSchema>

export const httpsContract = {
  /** Turns HTTPS on, resumes it, or swaps the certificate, erasing the one before the last (`keepOld`). */
  enable: base
    .input(
      byDomain.extend({
        source: certificateSourceSchema,
        keepOld: keepOldSchema,
        acceptWorse: acceptWorseSchema,
      }),
    )
    .output(changedDomain.extend({ impact: swapImpactSchema.nullable(), erased: z.array(z.string()) })),
  /** Dry run of `enable`: an upload stays staged. Problems are listed instead of refused. */
  preview: base.input(byDomain.extend({ source: previewSourceSchema, keepOld: keepOldSchema })).output(
    z.object({
      /** Null for a certificate to be issued, which does not exist yet. */
      certificate: rememberedCertificateSchema.nullable(),
      impact: swapImpactSchema.nullable(),
      problems: replacementProblemsSchema,
      erased: z.array(z.string()),
    }),
  ),
  pause: base.input(byDomain).output(changedDomain),
  /** Turns HTTPS off and erases certificate and key unless used elsewhere or kept. */
  disable: base
    .input(byDomain)
    .output(changedDomain.extend({ erased: z.array(z.string()), kept: z.array(z.string()) })),
}
