import { liveQuery } from '../core/live.ts'
import { proceduresFor, withParts } from '../core/procedures.ts'
import { usagePrice } from '../core/settings.ts'
import { setUsagePrice, usageCsv, usageReport } from './usage.ts'
import type { UsageNeeds } from './metering.ts'

const { usage } = proceduresFor<{ parts: UsageNeeds }>()

export const usageHandlers = {
  query: usage.query.handler(withParts(usageReport)),
  csv: usage.csv.handler(({ context, input }) => ({ text: usageCsv(context.parts, input) })),
  watch: usage.watch.handler(async function* ({ context: { parts }, signal }) {
    yield* liveQuery(() => parts.metering.today(), parts.topics.usage, signal)
  }),
  price: usage.price.handler(({ context }) => usagePrice.read(context.parts.vault)),
  setPrice: usage.setPrice.handler(withParts(setUsagePrice)),
}
