import { implement, proceduresFor } from '../core/procedures.ts'
import { trustAtlas } from './atlas.ts'
import { applyTrust, planTrust } from './change.ts'
import { trustEnvironment } from './env.ts'
import { provePage } from './prove-page.ts'
import { proveTrust } from './prove.ts'
import type { TrustNeeds } from './needs.ts'

const { trust } = proceduresFor<{ parts: TrustNeeds }>()

export const trustHandlers = implement(trust, {
  status: trustAtlas,
  plan: planTrust,
  apply: applyTrust,
  prove: (parts, input, signal) => proveTrust(parts, input.clients, signal),
  provePage: (parts, input, signal) => provePage(parts, signal),
  env: trustEnvironment,
})
