import { setEdgeSettings } from '../services/engine/edge-settings.ts'
import { engineStatus } from '../services/engine/status.ts'
import type { Procedures } from './procedures.ts'

export function engineHandlers(procedures: Procedures['engine']) {
  return {
    status: procedures.status.handler(({ context }) => engineStatus(context.parts)),
    setEdge: procedures.setEdge.handler(({ context, input }) => setEdgeSettings(context.parts, input)),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      const changes = parts.topics.status.subscribe(signal)
      yield engineStatus(parts)
      yield* changes
    }),
  }
}
