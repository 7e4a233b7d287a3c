import { z } from 'zod'

/** How much a client may send. */
export const bodyPolicySchema = z.strictObject({
  /** Of a request's body, counted as it comes; null for any. */
  maxBytes: z
    .number()
    .int()
    .min(1)
    .max(2 ** 50)
    .nullable()
    .default(null),
})
export type BodyPolicy = z.infer<typeof bodyPolicySchema>
