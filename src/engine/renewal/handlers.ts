import { proceduresFor, withParts } from '../core/procedures.ts'
import { renewalCalendar } from './calendar.ts'
import { type RenewalCallNeeds, renewMany, setRenewal } from './renewal.ts'

const { renewal } = proceduresFor<{ parts: RenewalCallNeeds }>()

export const renewalHandlers = {
  calendar: renewal.calendar.handler(({ context, input }) => renewalCalendar(context.parts, input.months)),
  renew: renewal.renew.handler(withParts(renewMany)),
  set: renewal.set.handler(withParts(setRenewal)),
}
