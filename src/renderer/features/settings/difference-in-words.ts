import type { Difference } from '../../../contract/configuration.ts'

/** A value of a difference on one line: `host 127.0.0.1, httpPort 3000`; null where there is none. */
export function differenceInWords(value: Difference['before']): string | null {
  if (value === null) return null
  if (typeof value !== 'object') return String(value)
  const parts = Object.entries(value).flatMap(([name, inner]) => {
    const words = differenceInWords(inner)
    return words === null ? [] : [`${name} ${words}`]
  })
  return parts.length > 0 ? parts.join(', ') : null
}
