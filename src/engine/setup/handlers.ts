import { proceduresFor, withParts } from '../core/procedures.ts'
import { proveDomain, testedDomains } from './prove-domain.ts'
import { applySetup, planSetup } from './setup.ts'
import type { SetupNeeds } from './needs.ts'

const { setup } = proceduresFor<{ parts: SetupNeeds }>()

export const setupHandlers = {
  plan: setup.plan.handler(withParts(planSetup)),
  apply: setup.apply.handler(withParts(applySetup)),
  prove: setup.prove.handler(async function* ({ context, input, signal }) {
    yield* proveDomain(context.parts, input, signal)
  }),
  tested: setup.tested.handler(withParts(testedDomains)),
}
