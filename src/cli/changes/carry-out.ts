import { resolve } from 'node:path'
import { planOwner } from '../../platform/commands/host-environment.ts'
import type { Client } from '../../client/client.ts'
import { openHome } from '../../engine-process/home.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { SetupSelection } from '../../contract/trust/setup.ts'
import {
  fingerprintToCome,
  type TrustAction,
  type TrustOutcome,
  type TrustPlan,
} from '../../contract/trust/trust.ts'
import type { GlobalOptions, Result } from '../frame/command.ts'
import { confirm } from '../flags/confirmation.ts'
import { printError } from '../output/output.ts'
import { commandFor } from '../output/command-for-home.ts'
import { table } from '../output/format.ts'
import { isScriptShown, runElevated, showScript } from './elevated.ts'

type Elevation = 'taken' | 'leave'

interface Act {
  plan: TrustPlan
  yes?: boolean
  question: string
  /** Message for a plan without steps. */
  nothing: string
  failure: (titles: string[]) => EdgekeepError
  apply(how: {
    plan: string
    elevation: Elevation
  }): Promise<AsyncIterable<{ type: 'step'; title: string } | { type: 'outcome'; outcome: TrustOutcome }>>
}

/**
 * Shows a plan, confirms it, runs the administrator's part, then the rest, and reports the outcome of each
 * step.
 */
async function carryOut(global: GlobalOptions, act: Act): Promise<Result> {
  const { plan, yes, question, nothing, failure, apply } = act
  requireOwnStores(plan)
  if (plan.steps.length === 0) return { data: { outcomes: [] }, text: nothing }
  if (!global.json) printError(planLines(plan).join('\n'))
  // A plan whose steps all have an obstacle changes nothing, so it needs no confirmation.
  const isPossible = plan.steps.some(({ obstacle }) => obstacle === null)
  const isAsked = !yes && isPossible
  const { elevatedScript } = plan
  if (isAsked && elevatedScript !== null && isScriptShown())
    await confirm(question, () => showScript(elevatedScript))
  else if (isAsked) await confirm(question)
  const { elevatedScript: script, command } = plan
  const part = { script, command: commandFor(global, command), folder: openHome(global.home).folder }
  const { elevation, lines, command: administratorCommand } = await runElevated(part, isAsked)
  const outcomes: TrustOutcome[] = []
  for await (const event of await apply({ plan: plan.id, elevation })) {
    if (event.type === 'outcome') outcomes.push(event.outcome)
    else if (!global.json && process.stderr.isTTY) printError(`${event.title} …`)
  }
  const missed = outcomes.filter(({ outcome }) => outcome === 'failed' || outcome === 'skipped')
  const rows = outcomes.map(({ outcome, title, sentence }) => [outcomeLabels[outcome], title, sentence])
  return {
    data: { outcomes, elevatedScript: elevation === 'leave' ? script : null, administratorCommand },
    text: [table(['RESULT', headings[plan.action], 'DETAIL'], rows), ...lines].join('\n'),
    no: missed.length > 0 ? failure(missed.map(({ title }) => title)) : undefined,
  }
}

interface ChangeOptions {
  yes?: boolean
  dryRun?: boolean
  question: string
  nothing: string
  /** Lines after the plan of a dry run. */
  afterwards?: string[]
}

/** A change of this computer: shown, confirmed and carried out; with `dryRun` only shown. */
export async function changeComputer(
  { setup }: Pick<Client, 'setup'>,
  global: GlobalOptions,
  { dryRun, afterwards, ...act }: ChangeOptions & { selection: SetupSelection },
): Promise<Result> {
  const { selection, nothing } = act
  if (dryRun) return shownPlan(await setup.plan({ ...selection, dryRun }), nothing, afterwards)
  return carryOut(global, {
    ...act,
    plan: await setup.plan(selection),
    failure: (titles) => new EdgekeepError('setup.not_all', { titles }),
    apply: (how) => setup.apply({ ...selection, ...how }),
  })
}

/** The same for trust in the local authority, in the clients that are named or in all. */
export async function changeTrust(
  { trust }: Pick<Client, 'trust'>,
  global: GlobalOptions,
  { dryRun, ...act }: ChangeOptions & { action: TrustAction; clients?: string[] },
): Promise<Result> {
  const { action, clients, nothing } = act
  if (dryRun) return shownPlan(await trust.plan({ action, clients, dryRun }), nothing)
  return carryOut(global, {
    ...act,
    plan: await trust.plan({ action, clients }),
    failure: (names) => new EdgekeepError('trust.not_all', { names }),
    apply: (how) => trust.apply({ action, clients, ...how }),
  })
}

/**
 * The engine changes the stores of its own user. A command that another user or another HOME runs would change
 * stores that its caller does not mean.
 * @throws `trust.other_home`
 */
function requireOwnStores({ owner }: TrustPlan): void {
  const own = planOwner()
  if (owner.uid === own.uid && resolve(owner.home) === resolve(own.home)) return
  throw new EdgekeepError('trust.other_home', {
    differs: owner.uid === own.uid ? 'home folder' : 'user',
  })
}

/** Result of a dry run. `then` are the lines after the plan. */
function shownPlan(plan: TrustPlan, nothing: string, then: string[] = []): Result {
  requireOwnStores(plan)
  const { action, steps, elevatedScript } = plan
  const data = { plan: { action, steps, elevatedScript } }
  if (steps.length === 0) return { data, text: nothing }
  const script = elevatedScript === null ? [] : ['', 'As the administrator:', '', elevatedScript.trimEnd()]
  const lines = [...planLines(plan), ...then, ...script]
  const note = lines.some((line) => line.includes(fingerprintToCome)) ? [filledIn] : []
  const text = [...lines, '', ...note, unchanged]
  return { data, text: text.join('\n') }
}

const filledIn = `The certificate and its ${fingerprintToCome} are filled in once the local authority is made.`
const unchanged = 'Nothing was changed.'

function planLines({ steps, owner }: TrustPlan): string[] {
  const lines = steps.flatMap((step) => {
    if (step.obstacle) {
      const { sentence, command, cures = [] } = step.obstacle
      const remedies = cures.map((each) => `    ${each.command}`)
      return [`- left out: ${step.title}. ${sentence}${command ? ` Run: ${command}` : ''}`, ...remedies]
    }
    if (step.elevated) return `- ${step.change} Needs an administrator.`
    const commands = step.commands?.split('\n').map((line) => `    ${line}`) ?? []
    return [`- ${step.change}`, ...commands]
  })
  return [...lines, `Stores and settings are those of the home folder ${owner.home}.`]
}

const headings: Record<TrustAction, string> = { install: 'CHANGED', undo: 'UNDONE' }
const outcomeLabels = { done: 'done', exact: 'as it was', failed: 'failed', skipped: 'not done' } as const
