import { liveQuery } from '../services/core/live.ts'
import { usagePrice } from '../services/core/settings.ts'
import { setUsagePrice, usageCsv, usageReport } from '../services/usage/usage.ts'
import type { Procedures } from './procedures.ts'

export function usageHandlers(procedures: Procedures['usage']) {
  return {
    query: procedures.query.handler(({ context, input }) => usageReport(context.parts, input)),
    csv: procedures.csv.handler(({ context, input }) => ({ text: usageCsv(context.parts, input) })),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      yield* liveQuery(() => parts.metering.today(), parts.topics.usage, signal)
    }),
    price: procedures.price.handler(({ context }) => usagePrice.read(context.parts.vault)),
    setPrice: procedures.setPrice.handler(({ context, input }) => setUsagePrice(context.parts, input.price)),
  }
}
