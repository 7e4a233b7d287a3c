import type { z } from 'zod'
import type { ChangedMeanwhile } from '../../contract/changed-meanwhile.ts'
import { EdgekeepError } from '../../contract/errors.ts'
import type { EngineParts } from '../parts.ts'

/** In the order and with the defaults of the schema, whatever either was written with. */
export function isAsRead(schema: z.ZodType, read: unknown, now: unknown): boolean {
  return JSON.stringify(schema.parse(read)) === JSON.stringify(schema.parse(now))
}

/** The first of the fields that were `read` which is something else now; undefined where none is. */
export function changedField<T extends object>(
  shape: Record<keyof T, z.ZodType>,
  read: Partial<T>,
  now: T,
): keyof T | undefined {
  const names = Object.keys(read) as (keyof T)[]
  return names.find((name) => !isAsRead(shape[name], read[name], now[name]))
}

interface Told {
  /** As the audit trail calls it. */
  subject: string
  /** Of what, and what of it, as a sentence goes on with them. */
  of: string
  what: string
}

export function settingsChanged(
  parts: Pick<EngineParts, 'vault'>,
  { subject, of, what }: Told,
): EdgekeepError {
  return new EdgekeepError('settings.changed_meanwhile', { ...changedMeanwhile(parts, subject, what), of })
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
