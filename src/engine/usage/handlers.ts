import { liveQuery } from '../core/live.ts'
import type { Procedures } from '../core/procedures.ts'
import { usagePrice } from '../core/settings.ts'
import { setUsagePrice, usageCsv, usageReport } from './usage.ts'

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
