import { implement, proceduresFor } from '../core/procedures.ts'
import { renewalCalendar } from './calendar.ts'
import { type RenewalCallNeeds, renewMany, setRenewal } from './renewal.ts'

const { renewal } = proceduresFor<{ parts: RenewalCallNeeds }>()

export const renewalHandlers = implement(renewal, {
  calendar: (parts, input) => renewalCalendar(parts, input.months),
  renew: renewMany,
  set: setRenewal,
})
