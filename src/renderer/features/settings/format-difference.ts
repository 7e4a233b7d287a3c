import { readableText } from '../../../contract/text/readable-name.ts'
import type { Difference } from '../../../contract/domains/configuration.ts'

/** Lines for a value of a difference (`origin.host 127.0.0.1`, `origin.httpPort 3000`); null if absent. */
export function formatDifference(value: Difference['before']): string[] | null {
  if (value === null) return null
  if (typeof value !== 'object') return [readableText(String(value))]
  const lines = Object.entries(value).flatMap(([name, inner]) =>
    (formatDifference(inner) ?? []).map((line) => `${name} ${line}`),
  )
  return lines.length > 0 ? lines : null
}
