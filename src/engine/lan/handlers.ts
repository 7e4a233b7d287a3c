import { implement, proceduresFor } from '../core/procedures.ts'
import { serveDevicePage } from './device-page.ts'
import { publishDomains, unpublishDomains } from './lan.ts'
import type { LanNeeds } from './needs.ts'

const { lan } = proceduresFor<{ parts: LanNeeds }>()

export const lanHandlers = implement(lan, {
  on: publishDomains,
  servePage: serveDevicePage,
  off: unpublishDomains,
})
