import { proceduresFor } from '../core/procedures.ts'
import { trustAtlas } from './atlas.ts'
import { applyTrust, planTrust } from './change.ts'
import { trustEnvironment } from './env.ts'
import { provePage } from './prove-page.ts'
import { proveTrust } from './prove.ts'
import type { TrustNeeds } from './needs.ts'

const { trust } = proceduresFor<{ parts: TrustNeeds }>()

export const trustHandlers = {
  status: trust.status.handler(({ context }) => trustAtlas(context.parts)),
  plan: trust.plan.handler(({ context, input }) => planTrust(context.parts, input)),
  apply: trust.apply.handler(async function* ({ context, input, signal }) {
    yield* applyTrust(context.parts, input, signal)
  }),
  prove: trust.prove.handler(async function* ({ context, input, signal }) {
    yield* proveTrust(context.parts, input.clients, signal)
  }),
  provePage: trust.provePage.handler(async function* ({ context, signal }) {
    yield* provePage(context.parts, signal)
  }),
  env: trust.env.handler(({ context }) => trustEnvironment(context.parts)),
}
