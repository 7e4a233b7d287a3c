import { z } from 'zod'

/** Of a change that was made to something that is otherwise by now. */
export const changedMeanwhileSchema = z.object({
  /** What of it: "origin", "header rules". */
  what: z.string(),
  /** Who changed it last, and when; null where the audit trail does not say. */
  by: z.string().nullable(),
  at: z.string().nullable(),
})
export type ChangedMeanwhile = z.infer<typeof changedMeanwhileSchema>

export function changedMeanwhileSentence({ what, by, at }: ChangedMeanwhile, of: string): string {
  const who = by ? ` (by the ${by}${at ? `, ${at}` : ''})` : ''
  return `The ${what} of ${of} changed after you opened it${who}. Nothing was saved. Check the current values, then save again.`
}
