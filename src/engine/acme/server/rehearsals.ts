import type { Rehearsal, RehearsalPlan } from '../../../contract/acme-rehearsal.ts'
import { type Behaviour, everydayBehaviour } from './behaviour.ts'
import { seenEveryMs } from './held-time.ts'
import { RehearsedBehaviour } from './rehearsal.ts'
import { createTopic } from '../../core/live.ts'

/** How often those who watch are told while it runs: time passes without an event. */
const toldEveryMs = 500

/** One rehearsal at a time, and what came of the last one. */
export interface Rehearsals {
  /** How the server behaves now. */
  behaviour(): Behaviour
  /** In place of the one that runs. */
  start(plan: RehearsalPlan): Rehearsal
  report(): Rehearsal | null
  stop(): Rehearsal | null
  /** As it is now, and as it changes, until `signal` aborts. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<Rehearsal | null>
}

export function createRehearsals(clock: () => Date): Rehearsals {
  const everyday = everydayBehaviour(clock)
  let running: RehearsedBehaviour | null = null
  let last: Rehearsal | null = null
  let ends: NodeJS.Timeout | undefined
  let tells: NodeJS.Timeout | undefined
  let sees: NodeJS.Timeout | undefined
  const changes = createTopic<object>()
  const report = () => running?.report() ?? last

  function stop(): Rehearsal | null {
    clearTimeout(ends)
    clearInterval(tells)
    clearInterval(sees)
    last = running ? { ...running.report(), ended: true } : last
    running = null
    changes.publish({})
    return last
  }

  return {
    behaviour: () => running ?? everyday,
    start(plan) {
      stop()
      running = new RehearsedBehaviour(plan, clock)
      ends = setTimeout(stop, plan.days * plan.dayMs).unref()
      sees = setInterval(() => running?.seen(), seenEveryMs).unref()
      tells = setInterval(() => changes.publish({}), toldEveryMs).unref()
      changes.publish({})
      return running.report()
    },
    report,
    stop,
    async *watch(signal) {
      const changed = changes.subscribe(signal)
      try {
        yield report()
        // What a slow reader missed is in the next report.
        while (!(await changed.next()).done) yield report()
      } finally {
        await changed.return(undefined)
      }
    },
  }
}
