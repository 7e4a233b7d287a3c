import { proceduresFor, withParts } from '../core/procedures.ts'
import { serveDevicePage } from './device-page.ts'
import { publishDomains, unpublishDomains } from './lan.ts'
import type { LanNeeds } from './needs.ts'

const { lan } = proceduresFor<{ parts: LanNeeds }>()

export const lanHandlers = {
  on: lan.on.handler(withParts(publishDomains)),
  servePage: lan.servePage.handler(async function* ({ context, input, signal }) {
    yield* serveDevicePage(context.parts, input, signal)
  }),
  off: lan.off.handler(withParts(unpublishDomains)),
}
