import { z } from 'zod'
import { cleanDiffSchema, fixSchema } from './certificate-facts.ts'

/** Clean files with certificates only, never a key. */
export const cleanFilesSchema = z.object({
  files: z.array(
    z.object({
      /** `bundle`: the leaf and its intermediates, for servers. */
      kind: z.enum(['bundle', 'leaf', 'chain']),
      /** `shop.test.fullchain.pem`. */
      fileName: z.string(),
      pem: z.string(),
    }),
  ),
  fixes: z.array(fixSchema),
  /** Diff between the uploaded and the served files; null without a key. */
  diff: cleanDiffSchema.nullable(),
  /** The files include the matching key, which is not part of the result. */
  hasKey: z.boolean(),
})
export type CleanFiles = z.infer<typeof cleanFilesSchema>
