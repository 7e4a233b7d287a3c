import type { ServerReport } from '../../../../contract/targets/targets.ts'
import { visibleLines } from '../../../../contract/text/visible-text.ts'

/** Lines without a reason: those below an error in nginx, HAProxy and Caddy, and Apache's about its own name. */
const remark = /\[(?:notice|info|warn|warning|debug)\]|"level":"(?:info|warn)"|^AH00558:/i

/** Time, level and process before nginx's message, level and process before HAProxy's. */
const prefix = /^(?:[\d/]+ [\d:]+ )?(?:nginx: )?\[\w+\]\s+(?:\d+#\d+: |\(\d+\) : )?/

/** Reason of the step that failed first, without the rest of the server's output; null if none failed. */
export function failureOf({ steps }: Pick<ServerReport, 'steps'>): string | null {
  const failed = steps.find(({ ok }) => !ok)
  if (!failed) return null
  const lines = visibleLines(failed.sentence).split('\n')
  const reason = lines.find((line) => line.trim() !== '' && !remark.test(line)) ?? failed.sentence
  return reason.replace(prefix, '')
}
