import { z } from 'zod'

export const tagLimits = { count: 20, length: 40 } as const

/** Tags of a domain or certificate, in the order in which they were added. */
export const tagsSchema = z.array(z.string().trim().min(1).max(tagLimits.length)).max(tagLimits.count)

/** Tags to add to many things and to remove from them; the others stay. */
export const tagChangesSchema = z.object({ add: tagsSchema.default([]), remove: tagsSchema.default([]) })
export type TagChanges = z.output<typeof tagChangesSchema>
