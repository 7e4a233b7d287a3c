import { accessLog, replayExchange, setAccessLog, trafficArchive } from '../traffic/calls.ts'
import type { Procedures } from './procedures.ts'
import { liveQuery } from '../core/live.ts'
import { usagePrice } from '../core/settings.ts'
import { setUsagePrice, usageCsv, usageReport } from '../usage/usage.ts'
import { domainRow } from '../domains/domains.ts'

export function trafficHandlers(procedures: Procedures['traffic']) {
  return {
    watch: procedures.watch.handler(async function* ({ context, input, signal }) {
      yield* context.parts.traffic.watch(input, signal)
    }),
    get: procedures.get.handler(({ context, input }) => context.parts.traffic.get(input.id, input.reveal)),
    clear: procedures.clear.handler(({ context }) => {
      context.parts.traffic.clear()
      return {}
    }),
    har: procedures.har.handler(({ context, input }) => trafficArchive(context.parts, input)),
    replay: procedures.replay.handler(({ context, input }) => replayExchange(context.parts, input.id)),
    accessLog: procedures.accessLog.handler(({ context }) => accessLog(context.parts)),
    setAccessLog: procedures.setAccessLog.handler(({ context, input }) => setAccessLog(context.parts, input)),
  }
}

export function usageHandlers(procedures: Procedures['usage']) {
  return {
    query: procedures.query.handler(({ context, input }) => usageReport(context.parts, input)),
    csv: procedures.csv.handler(({ context, input }) => ({ text: usageCsv(context.parts, input) })),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      yield* liveQuery(() => parts.metering.today(), parts.topics.usage, signal)
    }),
    price: procedures.price.handler(({ context }) => usagePrice.read(context.parts.vault)),
    setPrice: procedures.setPrice.handler(({ context, input }) => setUsagePrice(context.parts, input)),
  }
}

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
