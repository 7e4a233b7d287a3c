import type { Procedures } from '../core/procedures.ts'
import { trustAtlas } from './atlas.ts'
import { applyTrust, planTrust } from './change.ts'
import { trustEnvironment } from './env.ts'
import { provePage } from './prove-page.ts'
import { proveTrust } from './prove.ts'

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
    provePage: procedures.provePage.handler(async function* ({ context, signal }) {
      yield* provePage(context.parts, signal)
    }),
    env: procedures.env.handler(({ context }) => trustEnvironment(context.parts)),
  }
}
