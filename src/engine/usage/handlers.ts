import { liveQuery } from '../core/live.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import { usagePrice } from '../core/settings.ts'
import { setUsagePrice, usageCsv, usageReport } from './usage.ts'
import type { UsageNeeds } from './metering.ts'

const { usage } = proceduresFor<{ parts: UsageNeeds }>()

export const usageHandlers = implement(usage, {
  query: usageReport,
  csv: (parts, input) => ({ text: usageCsv(parts, input) }),
  async *watch(parts, input, signal) {
    yield* liveQuery(() => parts.metering.today(), parts.topics.usage, signal)
  },
  price: (parts) => usagePrice.read(parts.vault),
  setPrice: setUsagePrice,
})
