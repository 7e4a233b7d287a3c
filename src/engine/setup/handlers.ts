import type { Procedures } from '../core/procedures.ts'
import { applySetup, planSetup } from './setup.ts'

export function setupHandlers(procedures: Procedures['setup']) {
  return {
    plan: procedures.plan.handler(({ context, input }) => planSetup(context.parts, input)),
    apply: procedures.apply.handler(async function* ({ context, input, signal }) {
      yield* applySetup(context.parts, input, signal)
    }),
  }
}
