import { proceduresFor, withParts } from '../core/procedures.ts'
import { trustAtlas } from './atlas.ts'
import { applyTrust, planTrust } from './change.ts'
import { trustEnvironment } from './env.ts'
import { provePage } from './prove-page.ts'
import { proveTrust } from './prove.ts'
import type { TrustNeeds } from './needs.ts'

const { trust } = proceduresFor<{ parts: TrustNeeds }>()

export const trustHandlers = {
  status: trust.status.handler(withParts(trustAtlas)),
  plan: trust.plan.handler(withParts(planTrust)),
  apply: trust.apply.handler(withParts(applyTrust)),
  prove: trust.prove.handler(async function* ({ context, input, signal }) {
    yield* proveTrust(context.parts, input.clients, signal)
  }),
  provePage: trust.provePage.handler(async function* ({ context, signal }) {
    yield* provePage(context.parts, signal)
  }),
  env: trust.env.handler(withParts(trustEnvironment)),
}
