import type { Procedures } from '../core/procedures.ts'
import { renewalCalendar } from './calendar.ts'
import { renewMany, setRenewal } from './renewal.ts'

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
