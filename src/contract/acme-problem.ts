import { z } from 'zod'

/** A problem document of an ACME server (RFC 8555, section 6.7), its texts as the server wrote them. */
export const acmeProblemSchema = z.object({
  /** Without `urn:ietf:params:acme:error:`, where it begins so. */
  type: z.string(),
  detail: z.string(),
  /** HTTP status; null where none was told. */
  status: z.number().nullable(),
  subproblems: z.array(z.object({ identifier: z.string().nullable(), type: z.string(), detail: z.string() })),
})
export type AcmeProblem = z.infer<typeof acmeProblemSchema>
