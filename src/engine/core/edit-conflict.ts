import type { z } from 'zod'
import type { ChangedMeanwhile } from '../../contract/errors/changed-meanwhile.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Core } from './core.ts'

/** Compares two values in the schema's order and with its defaults. */
export function isUnchanged(schema: z.ZodType, read: unknown, now: unknown): boolean {
  return JSON.stringify(schema.parse(read)) === JSON.stringify(schema.parse(now))
}

/** Returns the first field of `read` that has another value now, or undefined. */
export function changedField<T extends object>(
  shape: Record<keyof T, z.ZodType>,
  read: Partial<T>,
  now: T,
): keyof T | undefined {
  const names = Object.keys(read) as (keyof T)[]
  return names.find((name) => !isUnchanged(shape[name], read[name], now[name]))
}

interface ChangedSetting {
  subject: string
  /** Noun phrases for the error message. */
  of: string
  what: string
}

export function settingsChanged(
  parts: Pick<Core, 'vault'>,
  { subject, of, what }: ChangedSetting,
): EdgekeepError {
  return new EdgekeepError('settings.changed_meanwhile', { ...changedMeanwhile(parts, subject, what), of })
}

/** Details of an edit conflict: the setting, and the actor and time of the last change. */
export function changedMeanwhile(
  { vault }: Pick<Core, 'vault'>,
  subject: string,
  what: string,
): ChangedMeanwhile {
  const [last] = vault.audit.about(subject)
  return { what, by: last?.actor ?? null, at: last?.at ?? null }
}
