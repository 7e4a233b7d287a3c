import { proceduresFor } from '../core/procedures.ts'
import { applySetup, planSetup } from './setup.ts'
import type { SetupNeeds } from './needs.ts'

const { setup } = proceduresFor<{ parts: SetupNeeds }>()

export const setupHandlers = {
  plan: setup.plan.handler(({ context, input }) => planSetup(context.parts, input)),
  apply: setup.apply.handler(async function* ({ context, input, signal }) {
    yield* applySetup(context.parts, input, signal)
  }),
}
