import { liveQuery } from '../core/live.ts'
import type { Core } from '../core/core.ts'
import { proceduresFor } from '../core/procedures.ts'
import type { Findings } from './findings.ts'
import { domainRow } from '../domains/domains.ts'

export interface FindingsNeeds extends Core {
  findings: Findings
}

const { findings } = proceduresFor<{ parts: FindingsNeeds }>()

export const findingsHandlers = {
  list: findings.list.handler(({ context: { parts }, input }) =>
    parts.findings.list(domainRow(parts, input.domain).name),
  ),
  watch: findings.watch.handler(async function* ({ context: { parts }, input, signal }) {
    const { name } = domainRow(parts, input.domain)
    yield* liveQuery(() => parts.findings.list(name), parts.findings.topic(name), signal)
  }),
  clear: findings.clear.handler(({ context: { parts }, input }) => {
    parts.findings.clear(domainRow(parts, input.domain).name)
    return {}
  }),
}
