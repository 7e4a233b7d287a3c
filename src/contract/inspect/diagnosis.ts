import { z } from 'zod'
import { verificationSchema } from './certificate-facts.ts'

/** First thing to know about the files: one sentence, and the next step. */
export const diagnosisSchema = z.object({
  /** Stable, `key-mismatch`, `missing-intermediate`, `good`. */
  situation: z.string(),
  /** `good`: nothing to do; `attention`: it works, or will with a step; `bad`: it does not work. */
  severity: z.enum(['good', 'attention', 'bad']),
  /** States the fault, or that there is none. */
  sentence: z.string(),
  /** Empty if nothing is to be done. */
  nextStep: z.string(),
  /** Pieces of the report that the diagnosis refers to. */
  pieces: z.array(z.string()),
})
export type Diagnosis = z.infer<typeof diagnosisSchema>

export const diagnosedSchema = z.object({
  diagnosis: diagnosisSchema,
  /** Further diagnoses, most urgent first. */
  others: z.array(diagnosisSchema),
  /** Verification of the selected leaf, else the first; null without a certificate. */
  verification: verificationSchema.nullable(),
})
export type Diagnosed = z.infer<typeof diagnosedSchema>
