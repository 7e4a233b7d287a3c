import { renewalCalendar } from '../services/renewal/calendar.ts'
import { renewMany, setRenewal } from '../services/renewal/renewal.ts'
import type { Procedures } from './procedures.ts'

export function renewalHandlers(procedures: Procedures['renewal']) {
  return {
    calendar: procedures.calendar.handler(({ context, input }) =>
      renewalCalendar(context.parts, input.months),
    ),
    renew: procedures.renew.handler(async function* ({ context, input, signal }) {
      yield* renewMany(context.parts, input, signal)
    }),
    set: procedures.set.handler(({ context, input }) => setRenewal(context.parts, input)),
  }
}
