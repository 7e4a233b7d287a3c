import { z } from 'zod'

/** Edit conflict: somebody else changed the same setting since it was read. */
export const changedMeanwhileSchema = z.object({
  /** Setting: "origin", "header rules". */
  what: z.string(),
  /** Actor and time of the last change; null if the audit trail has neither. */
  by: z.string().nullable(),
  at: z.string().nullable(),
})
export type ChangedMeanwhile = z.infer<typeof changedMeanwhileSchema>

export function changedMeanwhileSentence({ what, by, at }: ChangedMeanwhile, of: string): string {
  const who = by ? ` (by the ${by}${at ? `, ${at}` : ''})` : ''
  return `The ${what} of ${of} changed after you opened it${who}. Nothing was saved. Check the current values, then save again.`
}
