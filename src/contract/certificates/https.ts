import { z } from 'zod'
import { certificateSourceSchema, swapImpactSchema } from '../domains/domains.ts'
import { base, byDomain } from '../shared/procedure-base.ts'
import { rememberedCertificateSchema } from '../domains/history.ts'
import { keepOldSchema } from './records.ts'
import { changedDomain } from '../domains/procedures.ts'

export const httpsContract = {
  /** Turns HTTPS on, resumes it, or swaps the certificate, erasing the one before the last (`keepOld`). */
  enable: base
    .input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema }))
    .output(changedDomain.extend({ impact: swapImpactSchema.nullable(), erased: z.array(z.string()) })),
  /** Dry run of `enable`: an upload stays staged, and the same requests are refused. */
  preview: base.input(byDomain.extend({ source: certificateSourceSchema, keepOld: keepOldSchema })).output(
    z.object({
      /** Null for a free certificate, which does not exist yet. */
      certificate: rememberedCertificateSchema.nullable(),
      impact: swapImpactSchema.nullable(),
      erased: z.array(z.string()),
    }),
  ),
  pause: base.input(byDomain).output(changedDomain),
  /** Turns HTTPS off and erases certificate and key unless used elsewhere or kept. */
  disable: base
    .input(byDomain)
    .output(changedDomain.extend({ erased: z.array(z.string()), kept: z.array(z.string()) })),
}
