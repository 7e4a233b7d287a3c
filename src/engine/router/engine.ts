import { engineStatus } from '../services/engine/status.ts'
import type { Procedures } from './procedures.ts'

export function engineHandlers(procedures: Procedures['engine']) {
  return {
    status: procedures.status.handler(({ context }) => engineStatus(context.parts)),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      const changes = parts.topics.status.subscribe(signal)
      yield engineStatus(parts)
      yield* changes
    }),
  }
}
