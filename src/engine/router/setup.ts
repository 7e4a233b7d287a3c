import { applySetup, planSetup } from '../services/setup/setup.ts'
import type { Procedures } from './procedures.ts'

export function setupHandlers(procedures: Procedures['setup']) {
  return {
    plan: procedures.plan.handler(({ context, input }) => planSetup(context.parts, input)),
    apply: procedures.apply.handler(async function* ({ context, input, signal }) {
      yield* applySetup(context.parts, input, signal)
    }),
  }
}
