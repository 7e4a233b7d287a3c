import { trustAtlas } from '../services/trust/atlas.ts'
import { applyTrust, planTrust } from '../services/trust/change.ts'
import { trustEnvironment } from '../services/trust/env.ts'
import { proveTrust } from '../services/trust/prove.ts'
import type { Procedures } from './procedures.ts'

export function trustHandlers(procedures: Procedures['trust']) {
  return {
    status: procedures.status.handler(({ context }) => trustAtlas(context.parts)),
    plan: procedures.plan.handler(({ context, input }) => planTrust(context.parts, input)),
    apply: procedures.apply.handler(async function* ({ context, input, signal }) {
      yield* applyTrust(context.parts, input, signal)
    }),
    prove: procedures.prove.handler(async function* ({ context, input, signal }) {
      yield* proveTrust(context.parts, input.clients, signal)
    }),
    env: procedures.env.handler(({ context }) => trustEnvironment(context.parts)),
  }
}
