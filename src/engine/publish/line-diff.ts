import { hash } from 'node:crypto'
import { structuredPatch } from 'diff'
import { createRecentMap } from '../../pki/recent-map.ts'

const contextLines = 2
/** A thousand domains have 30,000 lines, which nobody reads, for each server of a fleet. */
const mostLines = 2000
/** Larger files are not compared: reading their lines alone takes seconds, in which the engine answers nobody. */
const mostCompared = 200_000
/** Longer ones end with `…`. */
const longestLine = 1000
/** Milliseconds before two very different texts are shown as a whole. */
const timeoutMs = 2000

/** The servers of a fleet have the same configuration, and a large one takes half a second. */
const recent = createRecentMap<string>(4)

/**
 * Changed lines with `-` and `+`, two of context, without a heading; empty for equal texts. Tabs, which a Caddyfile is
 * indented by, become spaces: a control character is displayed as its code.
 */
export function lineDiff(before: string, after: string): string {
  const key = `${hash('sha256', before)} ${hash('sha256', after)}`
  const known = recent.get(key)
  if (known !== undefined) return known
  const diff = bounded(changedLines(before, after)).replaceAll('\t', '  ')
  recent.set(key, diff)
  return diff
}

function changedLines(before: string, after: string): string[] {
  const whole = after.split('\n').map((line) => `+${line}`)
  if (before.split('\n', mostCompared + 1).length > mostCompared) return whole
  const options = { context: contextLines, timeout: timeoutMs }
  const patch = structuredPatch('', '', before, after, '', '', options)
  return patch ? patch.hunks.flatMap(({ lines }) => lines) : whole
}

function bounded(lines: readonly string[]): string {
  const more = lines.length - mostLines
  const shown = lines.slice(0, mostLines).map(cut)
  return [...shown, ...(more > 0 ? [` … ${more} more lines`] : [])].join('\n')
}

function cut(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line
}
