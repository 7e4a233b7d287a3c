import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { Obstacle, TrustAction, TrustOutcome, TrustPlan, TrustStep } from '../../contract/trust/trust.ts'
import { administratorsShell, unaskable } from '../../platform/commands/administrator.ts'
import { onePowerShellScript } from '../../platform/commands/powershell.ts'
import { oneScript } from '../../platform/commands/shell.ts'
import { planOwner, run } from '../../platform/commands/host-environment.ts'
import { commit, type ChangeRecord } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import { randomUUID } from 'node:crypto'

/** Elevated steps: `ask` opens the system's dialog, `taken`: the caller ran the script, `leave` skips. */
export type Elevation = 'ask' | 'taken' | 'leave'

/** Result of the elevated script; null without a known failure. */
export interface Elevated {
  elevation: Elevation
  trouble: string | null
}

export type Result = Pick<TrustOutcome, 'outcome' | 'sentence'>

export interface Change {
  step: TrustStep
  /** Runs after the elevated script, on which it depends. */
  isLast?: boolean
  /** Store of the elevated step without which it cannot succeed. */
  dependsOn?: string
  /**
   * Applies the change, or reads back the script's effect. Never throws for errors of this computer; a coded
   * error is the sentence of a failure.
   */
  act(elevated: Elevated): Promise<Result>
}

export type ChangeEvent =
  | { type: 'step'; title: string; done: number; total: number }
  | { type: 'outcome'; outcome: TrustOutcome }

interface Planned {
  action: TrustAction
  command: string
}

function planOf({ action, command }: Planned, changes: Pick<Change, 'step'>[]): Omit<TrustPlan, 'id'> {
  const elevatedScript = scriptOf(changes)
  return {
    ...{ action, command },
    steps: changes.map(({ step }) => step),
    elevatedScript,
    unaskable: elevatedScript === null ? null : unaskable(command),
    owner: planOwner(),
  }
}

/** Plan of a dry run, which cannot be applied. */
export function planToRead(planned: Planned, changes: Pick<Change, 'step'>[]): TrustPlan {
  return { id: '', ...planOf(planned, changes) }
}

/** Script of all elevated steps for this system's shell; null if there are none. */
function scriptOf(changes: Pick<Change, 'step'>[]): string | null {
  const parts = changes.flatMap(({ step: { title, commands, obstacle, elevated } }) =>
    elevated && commands !== null && !obstacle ? [{ title, commands }] : [],
  )
  if (parts.length === 0) return null
  return process.platform === 'win32' ? onePowerShellScript(parts) : oneScript(parts)
}

/** Applies Edgekeep's own steps, then the elevated ones at once, then those that depend on these. */
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
  const missed = new Map<string, string>()
  let done = 0
  const each = async function* (some: Change[], elevated: Elevated): AsyncGenerator<ChangeEvent> {
    for (const change of some) {
      if (signal?.aborted) return
      yield { type: 'step', title: change.step.title, done, total }
      const outcome = skipped(change, missed) ?? (await outcomeOf(change, elevated))
      if (!isDone(outcome)) missed.set(change.step.store, change.step.title)
      yield { type: 'outcome', outcome }
      done += 1
    }
  }
  yield* each(first, { elevation, trouble: null })
  if (administrators.length > 0 && !signal?.aborted) {
    yield { type: 'step', title: administrators.map(({ step }) => step.title).join(', '), done, total }
    // Without a dialog for the password, the steps are left out for that one reason.
    const how = elevation === 'ask' && unaskable('') !== null ? 'leave' : elevation
    const script = how === 'ask' ? scriptOf(administrators) : null
    yield* each(administrators, { elevation: how, trouble: script ? await runAsAdministrator(script) : null })
  }
  yield* each(last, { elevation, trouble: null })
}

function isDone({ outcome }: TrustOutcome): boolean {
  return outcome === 'done' || outcome === 'exact'
}

/** Outcome of a step that depends on one that is not done: it is not tried, since its error would mislead. */
function skipped(
  { step: { store, title }, dependsOn }: Change,
  missed: ReadonlyMap<string, string>,
): TrustOutcome | null {
  const needed = dependsOn === undefined ? undefined : missed.get(dependsOn)
  if (needed === undefined) return null
  const sentence = `It was not tried: it needs “${needed}”, which is not done.`
  return { store, title, outcome: 'skipped', sentence, dependsOn: needed }
}

/** A refusal by Edgekeep, such as for a locked vault, does not stop the other steps. */
async function outcomeOf({ step: { store, title }, act }: Change, elevated: Elevated): Promise<TrustOutcome> {
  try {
    return { store, title, ...(await act(elevated)), dependsOn: null }
  } catch (error) {
    if (!(error instanceof EdgekeepError)) throw error
    return { store, title, outcome: 'failed', sentence: error.message, dependsOn: null }
  }
}

const dialogTimeoutMs = 300_000

/** Runs the script as root, or by the system's dialog. That shows little of it, the plan all. */
async function runAsAdministrator(script: string): Promise<string | null> {
  const { program, words, refusal } = administratorsShell(script)
  const ran = await run(program, words, { timeoutMs: dialogTimeoutMs })
  return ran.status === 0 ? null : refusal(ran)
}

/** Step that Edgekeep takes itself, with the rights of its user. */
export function ownStep(
  step: Pick<TrustStep, 'store' | 'title' | 'location' | 'change'>,
  obstacle: Obstacle | null = null,
): TrustStep {
  return { ...step, elevated: false, commands: null, obstacle }
}

/** Observed state: `now` is the sentence for success, `why` that for failure. */
interface Observed {
  isDone: boolean
  now: string
  why: string
  outcome?: 'done' | 'exact'
}

/** Change by the elevated script: its success is what `look` observes, whatever the script returned. */
export function elevatedChange(
  step: TrustStep,
  look: () => Promise<Observed>,
  record: () => Promise<void>,
): Change {
  return {
    step,
    async act({ elevation, trouble }) {
      if (step.obstacle) return { outcome: 'failed', sentence: step.obstacle.sentence }
      if (elevation === 'leave')
        return { outcome: 'skipped', sentence: 'It needs an administrator, who was not asked.' }
      const { isDone, now, why, outcome = 'done' } = await look()
      if (!isDone) return { outcome: 'failed', sentence: trouble ?? why }
      await record()
      return { outcome, sentence: outcome === 'exact' ? 'It is as it was, byte for byte.' : now }
    },
  }
}

/**
 * Refuses an install that could not be recorded: a locked vault takes no rows in the audit trail. An undo
 * needs none, so that a user without the passphrase can still remove Edgekeep.
 * @throws `vault.locked`
 */
export function expectRecordable({ vault }: Pick<Core, 'vault'>, action: TrustAction): void {
  if (action === 'install' && vault.protection.locked)
    throw new EdgekeepError('vault.locked', { reason: 'what changes this computer could not be recorded' })
}

/** Records a change in the audit trail; an undo under a locked vault in the log only. */
export async function recordChange(parts: Core, record: ChangeRecord): Promise<void> {
  if (parts.vault.protection.locked)
    parts.log.warn({ record }, 'Change undone with a locked vault, not in the audit trail')
  else await commit(parts, () => ({ record }))
}

const most = 16

/** Pending plans: applying one does exactly what was shown, whatever has changed since. */
export type Plans = ReturnType<typeof createPlans>

export function createPlans() {
  const shown = new Map<string, Change[]>()
  return {
    show(planned: Planned, changes: Change[]) {
      const id = randomUUID()
      shown.set(id, changes)
      for (const oldest of [...shown.keys()].slice(0, -most)) shown.delete(oldest)
      return { id, ...planOf(planned, changes) }
    },
    /** Returns the changes of a plan once; undefined for an unknown or expired one. */
    take(id = '') {
      const changes = shown.get(id)
      shown.delete(id)
      return changes
    },
  }
}
