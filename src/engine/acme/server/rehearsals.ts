import type { Rehearsal, RehearsalPlan } from '../../../contract/acme/acme-rehearsal.ts'
import { type Behaviour, everydayBehaviour } from './behaviour.ts'
import { seenEveryMs } from './suspended-time.ts'
import { RehearsedBehaviour } from './rehearsal.ts'
import { createTopic } from '../../core/live.ts'

/** Publish interval while a rehearsal runs: time passes without an event. */
const publishEveryMs = 500

/** One rehearsal at a time, with the report of the last one. */
export interface Rehearsals {
  behaviour(): Behaviour
  /** Replaces a running rehearsal. */
  start(plan: RehearsalPlan): Rehearsal
  report(): Rehearsal | null
  stop(): Rehearsal | null
  /** Yields the present state, then each change until `signal` aborts. */
  watch(signal: AbortSignal | undefined): AsyncGenerator<Rehearsal | null>
}

export function createRehearsals(clock: () => Date): Rehearsals {
  const everyday = everydayBehaviour()
  let running: RehearsedBehaviour | null = null
  let last: Rehearsal | null = null
  let ends: NodeJS.Timeout | undefined
  let publishTimer: NodeJS.Timeout | undefined
  let sees: NodeJS.Timeout | undefined
  const changes = createTopic<object>()
  const report = () => running?.report() ?? last

  function stop(): Rehearsal | null {
    clearTimeout(ends)
    clearInterval(publishTimer)
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
      publishTimer = setInterval(() => changes.publish({}), publishEveryMs).unref()
      changes.publish({})
      return running.report()
    },
    report,
    stop,
    async *watch(signal) {
      const changed = changes.subscribe(signal)
      try {
        yield report()
        // A slow subscriber skips reports: each is complete.
        while (!(await changed.next()).done) yield report()
      } finally {
        await changed.return(undefined)
      }
    },
  }
}
