import { z } from 'zod'

/** The part of a long list that is asked for. */
export const pageInputSchema = z
  .object({
    limit: z.number().int().min(1).max(500).default(100),
    /** `next` of the page before; absent: the first page. */
    after: z.number().int().positive().optional(),
  })
  .prefault({})
export type PageInput = z.infer<typeof pageInputSchema>

/** Where the next page starts; null: there is none. */
export const nextPageSchema = z.number().int().positive().nullable()
