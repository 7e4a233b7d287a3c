import { liveQuery } from '../core/live.ts'
import type { Procedures } from '../core/procedures.ts'
import { domainRow } from '../domains/domains.ts'

export function findingsHandlers(procedures: Procedures['findings']) {
  return {
    list: procedures.list.handler(({ context: { parts }, input }) =>
      parts.findings.list(domainRow(parts, input.domain).name),
    ),
    watch: procedures.watch.handler(async function* ({ context: { parts }, input, signal }) {
      const { name } = domainRow(parts, input.domain)
      yield* liveQuery(() => parts.findings.list(name), parts.findings.topic(name), signal)
    }),
    clear: procedures.clear.handler(({ context: { parts }, input }) => {
      parts.findings.clear(domainRow(parts, input.domain).name)
      return {}
    }),
  }
}
