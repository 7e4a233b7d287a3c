import { proceduresFor, withParts } from '../core/procedures.ts'
import { accessLog, replayExchange, setAccessLog, trafficArchive } from './calls.ts'
import type { TrafficNeeds } from './traffic.ts'

const { traffic } = proceduresFor<{ parts: TrafficNeeds }>()

export const trafficHandlers = {
  watch: traffic.watch.handler(async function* ({ context, input, signal }) {
    yield* context.parts.traffic.watch(input, signal)
  }),
  get: traffic.get.handler(({ context, input }) => context.parts.traffic.get(input.id, input.reveal)),
  clear: traffic.clear.handler(({ context }) => {
    context.parts.traffic.clear()
    return {}
  }),
  har: traffic.har.handler(withParts(trafficArchive)),
  replay: traffic.replay.handler(({ context, input }) => replayExchange(context.parts, input.id)),
  accessLog: traffic.accessLog.handler(withParts(accessLog)),
  setAccessLog: traffic.setAccessLog.handler(withParts(setAccessLog)),
}
