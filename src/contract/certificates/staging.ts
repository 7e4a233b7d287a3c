import { z } from 'zod'
import { intakeReportSchema, verificationSchema } from '../inspect/certificate-facts.ts'
import { diagnosisSchema } from '../inspect/diagnosis.ts'
import { passphraseSchema } from '../custody/custody.ts'
import { swapImpactSchema } from '../domains/domains.ts'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base } from '../shared/procedure-base.ts'

const files = z.array(z.file()).min(1).max(1000)

/** Uploaded files in the engine's memory: keys stay there, the response has only facts. */
export const stagedSchema = z.object({
  stagingId: z.string(),
  report: intakeReportSchema,
  /** Verdicts on the servable bundle's chain, with the domain's name if given. */
  verification: verificationSchema.nullable(),
  /** Gap in the chain of the one certificate in the files, with its key or without. */
  chainGap: diagnosisSchema.nullable(),
  /** Effects of a swap from the domain's current certificate. */
  impact: swapImpactSchema.nullable(),
  duplicateOf: z.object({ id: z.string(), name: z.string() }).nullable(),
})
export type Staged = z.infer<typeof stagedSchema>

export const stagingContract = {
  /** Stages files; secrets stay in the engine until `https.enable`, `certificates.import` or expiry. */
  open: base.input(z.object({ files, domain: domainNameSchema.optional() })).output(stagedSchema),
  add: base.input(z.object({ stagingId: z.string(), files })).output(stagedSchema),
  /** Removes the files of one name; their keys are zeroed. */
  remove: base.input(z.object({ stagingId: z.string(), file: z.string().max(1024) })).output(stagedSchema),
  unlock: base
    .input(z.object({ stagingId: z.string(), pieceId: z.string(), passphrase: passphraseSchema }))
    .output(stagedSchema),
  discard: base.input(z.object({ stagingId: z.string() })).output(z.object({})),
}
