import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { printLine } from '../../output/output.ts'

/**
 * One step: an action, and a sentence about the observation.
 * @throws if the observation is wrong
 */
export interface Step<S> {
  title: string
  act(stage: S): Promise<string>
}

interface Outcome {
  title: string
  ok: boolean
  seen: string
}

/** Plays the steps in order, stops at the first failure, and prints the result. */
export async function play<S>(steps: Step<S>[], stage: S, json: boolean): Promise<number> {
  const started = performance.now()
  const outcomes: Outcome[] = []
  for (const step of steps) {
    const outcome = await playStep(step, stage)
    outcomes.push(outcome)
    if (!json) printLine(`${outcome.ok ? '✓' : '✗'} ${outcome.title}\n    ${outcome.seen}`)
    if (!outcome.ok) break
  }
  return conclude(outcomes, performance.now() - started, json)
}

function playStep<S>({ title, act }: Step<S>, stage: S): Promise<Outcome> {
  return act(stage).then(
    (seen) => ({ title, ok: true, seen }),
    (error: Error) => ({ title, ok: false, seen: error.message }),
  )
}

function conclude(outcomes: Outcome[], tookMs: number, json: boolean): number {
  const failed = outcomes.find((outcome) => !outcome.ok)
  const error = failed && new EdgekeepError('demo.failed', { step: `${failed.title}: ${failed.seen}` })
  const seconds = Number((tookMs / 1000).toFixed(1))
  if (json) {
    const answer = error ? { ok: false, error: { code: error.code, message: error.message } } : { ok: true }
    printLine(JSON.stringify({ ...answer, seconds, steps: outcomes }))
  } else {
    printLine(
      error
        ? `✗ ${error.message}`
        : `All ${outcomes.length} held, in ${seconds} seconds; nothing is left behind.`,
    )
  }
  return error ? 1 : 0
}
