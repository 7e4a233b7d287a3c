import type { z } from 'zod'
import type { ChangedMeanwhile } from '../../../contract/changed-meanwhile.ts'
import type { EngineParts } from './parts.ts'

/** In the order and with the defaults of the schema, whatever either was written with. */
export function isAsRead(schema: z.ZodType, read: unknown, now: unknown): boolean {
  return JSON.stringify(schema.parse(read)) === JSON.stringify(schema.parse(now))
}

/** What the errors of a change that was made to something else say: what of it, who changed it last, and when. */
export function changedMeanwhile(
  { vault }: Pick<EngineParts, 'vault'>,
  subject: string,
  what: string,
): ChangedMeanwhile {
  const [last] = vault.audit.about(subject)
  return { what, by: last?.actor ?? null, at: last?.at ?? null }
}
