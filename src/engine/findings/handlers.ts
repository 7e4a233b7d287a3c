import { liveQuery } from '../core/live.ts'
import type { Core } from '../core/core.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import type { Findings } from './findings.ts'
import { domainRow } from '../domains/domains.ts'

export interface FindingsNeeds extends Core {
  findings: Findings
}

const { findings } = proceduresFor<{ parts: FindingsNeeds }>()

export const findingsHandlers = implement(findings, {
  list: (parts, input) => parts.findings.list(domainRow(parts, input.domain).name),
  async *watch(parts, input, signal) {
    const { name } = domainRow(parts, input.domain)
    yield* liveQuery(() => parts.findings.list(name), parts.findings.topic(name), signal)
  },
  clear: (parts, input) => parts.findings.clear(domainRow(parts, input.domain).name),
})
