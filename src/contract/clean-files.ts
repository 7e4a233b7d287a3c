import { z } from 'zod'
import { cleanDiffSchema, fixSchema } from './certificate-facts.ts'

/** Clean files as content: certificates only, never a key. */
export const cleanFilesSchema = z.object({
  files: z.array(
    z.object({
      /** `bundle`: the leaf and its intermediates, as servers want it. */
      kind: z.enum(['bundle', 'leaf', 'chain']),
      /** `shop.test.fullchain.pem`. */
      fileName: z.string(),
      pem: z.string(),
    }),
  ),
  fixes: z.array(fixSchema),
  /** What was given against what is served; null where there is no key with it. */
  diff: cleanDiffSchema.nullable(),
  /** A key is among the files that goes with them; it stays where it is. */
  hasKey: z.boolean(),
})
export type CleanFiles = z.infer<typeof cleanFilesSchema>
