import { implement, proceduresFor } from '../core/procedures.ts'
import { accessLog, replayExchange, setAccessLog, trafficArchive } from './calls.ts'
import type { TrafficNeeds } from './traffic.ts'

const { traffic } = proceduresFor<{ parts: TrafficNeeds }>()

export const trafficHandlers = implement(traffic, {
  async *watch(parts, input, signal) {
    yield* parts.traffic.watch(input, signal)
  },
  get: (parts, input) => parts.traffic.get(input.id, input.reveal),
  clear: (parts) => parts.traffic.clear(),
  har: trafficArchive,
  replay: (parts, input) => replayExchange(parts, input.id),
  accessLog,
  setAccessLog,
})
