import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { domainNameSchema } from '../shared/domain-name.ts'
import { base } from '../shared/procedure-base.ts'
import { devicePageEventSchema } from './device-page.ts'
import { publishedSchema } from './published.ts'

const address = z.string().max(64).optional()
const domains = z.array(domainNameSchema).min(1).max(200)

export const lanContract = {
  /**
   * Lets other devices reach these domains, besides those that they reach already, at one private address of this
   * computer (default: its only one) until the engine ends.
   */
  on: base.input(z.strictObject({ domains, address })).output(publishedSchema),
  /** Ends that for these domains, or for all, at every address or one; resolves with what devices still reach. */
  off: base.input(z.strictObject({ domains: domains.optional(), address })).output(z.array(publishedSchema)),
  /**
   * Serves the page from which a device gets the root and checks whether it trusts it, for ten minutes or until the
   * call ends.
   */
  servePage: base.input(z.strictObject({ address })).output(eventIterator(devicePageEventSchema)),
}
