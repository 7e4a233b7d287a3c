import type { Rehearsal, RehearsalPlan } from '../../../contract/acme-rehearsal.ts'
import { type Behaviour, everyday } from '../../issuing/acme-server/behaviour.ts'
import { RehearsedBehaviour } from '../../issuing/acme-server/rehearsal.ts'

/** One rehearsal at a time, and what came of the last one. */
export interface Rehearsals {
  /** How the server behaves now. */
  behaviour(): Behaviour
  /** In place of the one that runs. */
  start(plan: RehearsalPlan): Rehearsal
  report(): Rehearsal | null
  stop(): Rehearsal | null
}

export function createRehearsals(clock: () => Date): Rehearsals {
  let running: RehearsedBehaviour | null = null
  let last: Rehearsal | null = null
  let ends: NodeJS.Timeout | undefined

  function stop(): Rehearsal | null {
    clearTimeout(ends)
    last = running?.report() ?? last
    running = null
    return last
  }

  return {
    behaviour: () => running ?? everyday,
    start(plan) {
      stop()
      running = new RehearsedBehaviour(plan, clock)
      ends = setTimeout(stop, plan.days * plan.dayMs).unref()
      return running.report()
    },
    report: () => running?.report() ?? last,
    stop,
  }
}
