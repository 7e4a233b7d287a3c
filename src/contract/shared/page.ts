import { z } from 'zod'

/** Requested part of a long list. */
export const pageInputSchema = z
  .object({
    limit: z.number().int().min(1).max(500).default(100),
    /** `next` of the previous page; absent: the first page. */
    after: z.number().int().positive().optional(),
  })
  .prefault({})
export type PageInput = z.infer<typeof pageInputSchema>

/** Start of the next page; null after the last one. */
export const nextPageSchema = z.number().int().positive().nullable()
