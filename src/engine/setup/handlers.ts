import { implement, proceduresFor } from '../core/procedures.ts'
import { proveDomain, testedDomains } from './prove-domain.ts'
import { applySetup, planSetup } from './setup.ts'
import type { SetupNeeds } from './needs.ts'

const { setup } = proceduresFor<{ parts: SetupNeeds }>()

export const setupHandlers = implement(setup, {
  plan: planSetup,
  apply: applySetup,
  prove: proveDomain,
  tested: testedDomains,
})
