import { z } from 'zod'

/** Problem document of an ACME server (RFC 8555, section 6.7), its texts unchanged. */
export const acmeProblemSchema = z.object({
  /** Without the prefix `urn:ietf:params:acme:error:`. */
  type: z.string(),
  detail: z.string(),
  /** HTTP status; null if unknown. */
  status: z.number().nullable(),
  subproblems: z.array(z.object({ identifier: z.string().nullable(), type: z.string(), detail: z.string() })),
})
export type AcmeProblem = z.infer<typeof acmeProblemSchema>
