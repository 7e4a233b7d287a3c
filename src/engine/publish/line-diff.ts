import { structuredPatch } from 'diff'

const contextLines = 2
/** Milliseconds before two very different texts are shown as a whole. */
const timeoutMs = 2000

/** Changed lines with `-` and `+`, two of context, without a heading; empty for equal texts. */
export function lineDiff(before: string, after: string): string {
  const options = { context: contextLines, timeout: timeoutMs }
  const patch = structuredPatch('', '', before, after, '', '', options)
  if (!patch)
    return after
      .split('\n')
      .map((line) => `+${line}`)
      .join('\n')
  return patch.hunks.flatMap(({ lines }) => lines).join('\n')
}
