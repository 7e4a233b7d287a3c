import type { Procedures } from '../core/procedures.ts'
import { accessLog, replayExchange, setAccessLog, trafficArchive } from './calls.ts'

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
