import { EdgekeepError } from '../../contract/errors.ts'
import type { TrustAction, TrustOutcome, TrustPlan, TrustStep } from '../../contract/trust.ts'
import { administratorsShell } from '../trust/stores/administrator.ts'
import { onePowerShellScript } from '../trust/stores/powershell.ts'
import { oneScript } from '../trust/stores/shell.ts'
import { run } from '../trust/stores/surroundings.ts'

/** `ask` the person by the system's dialog, `taken` where the caller ran the script of the plan, `leave` those steps. */
export type Elevation = 'ask' | 'taken' | 'leave'

/** How an administrator's script went: null where nothing is known against it. */
export interface Elevated {
  elevation: Elevation
  trouble: string | null
}

/** One thing on this computer that is changed apart from the others. */
export interface Change {
  step: TrustStep
  /** Whether it counts on what an administrator's script does first. */
  isLast?: boolean
  /** Does it, or reads back what the script did. Never throws for what this computer does. */
  act(elevated: Elevated): Promise<TrustOutcome>
}

export type ChangeEvent =
  | { type: 'step'; title: string; done: number; total: number }
  | { type: 'outcome'; outcome: TrustOutcome }

export function planOf(action: TrustAction, changes: Pick<Change, 'step'>[]): Omit<TrustPlan, 'id'> {
  return { action, steps: changes.map(({ step }) => step), elevatedScript: scriptOf(changes) }
}

/** A plan that cannot be carried out: no changes are remembered for it. */
export function planToRead(action: TrustAction, changes: Pick<Change, 'step'>[]): TrustPlan {
  return { id: '', ...planOf(action, changes) }
}

/** The one script of all steps that need an administrator, for this system's shell; null where none does. */
function scriptOf(changes: Pick<Change, 'step'>[]): string | null {
  const parts = changes.flatMap(({ step: { title, commands, obstacle, elevated } }) =>
    elevated && commands !== null && !obstacle ? [{ title, commands }] : [],
  )
  if (parts.length === 0) return null
  return process.platform === 'win32' ? onePowerShellScript(parts) : oneScript(parts)
}

/** What Edgekeep does itself, then what an administrator does, asked for once, then what counts on that. */
export async function* applyChanges(
  changes: Change[],
  elevation: Elevation,
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  const total = changes.length
  const isElevated = ({ step }: Change) => step.elevated
  const first = changes.filter((each) => !isElevated(each) && !each.isLast)
  const administrators = changes.filter(isElevated)
  const last = changes.filter((each) => !isElevated(each) && each.isLast)
  let done = 0
  const each = async function* (some: Change[], elevated: Elevated): AsyncGenerator<ChangeEvent> {
    for (const change of some) {
      if (signal?.aborted) return
      yield { type: 'step', title: change.step.title, done, total }
      yield { type: 'outcome', outcome: await outcomeOf(change, elevated) }
      done += 1
    }
  }
  yield* each(first, { elevation, trouble: null })
  if (administrators.length > 0 && !signal?.aborted) {
    yield { type: 'step', title: administrators.map(({ step }) => step.title).join(', '), done, total }
    const script = elevation === 'ask' ? scriptOf(administrators) : null
    yield* each(administrators, { elevation, trouble: script ? await runAsAdministrator(script) : null })
  }
  yield* each(last, { elevation, trouble: null })
}

/** What the product itself refuses, such as to change a locked vault, keeps no other step from being taken. */
async function outcomeOf({ step: { store, title }, act }: Change, elevated: Elevated): Promise<TrustOutcome> {
  try {
    return await act(elevated)
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { store, title, outcome: 'failed', sentence: error.message }
  }
}

const patienceMs = 300_000

/** Runs the script as root is, or by the dialog of this system, which shows little of it; the plan has shown it whole. */
async function runAsAdministrator(script: string): Promise<string | null> {
  const { program, words, refusal } = administratorsShell(script)
  const ran = await run(program, words, { timeoutMs: patienceMs })
  return ran.status === 0 ? null : refusal(ran)
}

/**
 * Reads back a step of an administrator: `isDone` tells by the computer itself, whatever the script said. `now` is
 * a sentence for when it is, `why` for when it is not.
 */
export async function readBack(
  { step }: Pick<Change, 'step'>,
  { elevation, trouble }: Elevated,
  look: () => Promise<{ isDone: boolean; now: string; why: string; outcome?: 'done' | 'exact' }>,
): Promise<TrustOutcome> {
  const say = (outcome: TrustOutcome['outcome'], sentence: string): TrustOutcome => ({
    store: step.store,
    title: step.title,
    outcome,
    sentence,
  })
  if (step.obstacle) return say('failed', step.obstacle.sentence)
  if (elevation === 'leave') return say('skipped', 'It needs an administrator, who was not asked.')
  const { isDone, now, why, outcome = 'done' } = await look()
  if (!isDone) return say('failed', trouble ?? why)
  return say(outcome, outcome === 'exact' ? 'It is as it was, byte for byte.' : now)
}
