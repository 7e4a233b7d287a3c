import { z } from 'zod'
import { verificationSchema } from './certificate-facts.ts'

/** What a person should know first about the files: one sentence, and the next step. */
export const diagnosisSchema = z.object({
  /** Stable, `key-mismatch`, `missing-intermediate`, `good`. */
  situation: z.string(),
  /** `good`: nothing to do; `attention`: it works, or will with a step; `bad`: it does not work. */
  severity: z.enum(['good', 'attention', 'bad']),
  /** What is wrong, or that nothing is. */
  sentence: z.string(),
  /** What to do; empty where nothing is to be done. */
  nextStep: z.string(),
  /** The pieces of the report that it is about. */
  pieces: z.array(z.string()),
})
export type Diagnosis = z.infer<typeof diagnosisSchema>

export const diagnosedSchema = z.object({
  diagnosis: diagnosisSchema,
  /** The rest that is to be said, in the same form, what is to be done sooner first. */
  others: z.array(diagnosisSchema),
  /** On the leaf asked about, else the first; null where there is no certificate. */
  verification: verificationSchema.nullable(),
})
export type Diagnosed = z.infer<typeof diagnosedSchema>
