import { EdgekeepError } from '../../../contract/errors.ts'
import type { TrustAction, TrustOutcome, TrustPlan, TrustStep } from '../../../contract/trust.ts'
import { changeParts, installIn, undoIn } from '../../trust/change-store.ts'
import { openJournal } from '../../trust/journal.ts'
import type { WantedRoots } from '../../trust/roots.ts'
import { oneScript } from '../../trust/stores/shell.ts'
import type { TrustStore } from '../../trust/stores/store.ts'
import { run } from '../../trust/surroundings.ts'
import { readyAuthority } from '../certificates/authority.ts'
import { commit } from '../core/commit.ts'
import type { EngineParts } from '../core/parts.ts'
import { chosenClients, findAtlas, surroundingsOf, wantedRoots } from './atlas.ts'
import { proofsOf } from './proofs.ts'

interface Selection {
  action: TrustAction
  clients?: string[] | undefined
}
export type Elevation = 'ask' | 'taken' | 'leave'

export type TrustChangeEvent =
  { type: 'step'; title: string; done: number; total: number } | { type: 'outcome'; outcome: TrustOutcome }

/** The stores that an action is about, with what they need; nothing is changed. */
export async function planTrust(parts: EngineParts, selection: Selection): Promise<TrustPlan> {
  const { stores, wanted } = await concerned(parts, selection)
  const steps = await Promise.all(stores.map((store) => stepOf(store, selection.action, wanted)))
  const elevated = steps.filter(({ commands, obstacle }) => commands !== null && !obstacle)
  const script = elevated.map(({ title, commands }) => ({ title, commands: commands ?? '' }))
  return { action: selection.action, steps, elevatedScript: script.length > 0 ? oneScript(script) : null }
}

async function stepOf(store: TrustStore, action: TrustAction, wanted: WantedRoots): Promise<TrustStep> {
  const { id, title, location, elevated } = store
  return {
    store: id,
    title,
    location,
    change: store.change(action),
    elevated,
    commands: elevated ? store.commands(action, wanted) : null,
    obstacle: await store.obstacle(),
  }
}

/**
 * Changes the stores one after the other. What fails leaves its store as it was and does not keep the
 * others from being changed; every change is in the audit trail.
 */
export async function* applyTrust(
  parts: EngineParts,
  selection: Selection & { elevation: Elevation },
  signal: AbortSignal | undefined,
): AsyncGenerator<TrustChangeEvent> {
  const { action, elevation } = selection
  const { stores, wanted } = await concerned(parts, selection)
  const { folder } = surroundingsOf(parts)
  const each = changeParts(folder, wanted, parts.clock)
  const own = stores.filter(({ elevated }) => !elevated)
  const administrators = stores.filter(({ elevated }) => elevated)
  const total = stores.length
  let done = 0
  for (const store of own) {
    if (signal?.aborted) break
    yield { type: 'step', title: store.title, done, total }
    const outcome = action === 'install' ? await installIn(store, each) : await undoIn(store, each)
    yield { type: 'outcome', outcome: await recorded(parts, store, action, outcome) }
    done += 1
  }
  if (administrators.length === 0 || signal?.aborted) return
  yield { type: 'step', title: administrators.map(({ title }) => title).join(', '), done, total }
  const asked = elevation === 'ask' ? await askForRights(parts, selection) : null
  for (const store of administrators) {
    const outcome = await afterElevation(store, action, wanted, { elevation, asked })
    yield { type: 'outcome', outcome: await recorded(parts, store, action, outcome) }
  }
}

/** The stores of the chosen clients. An undo is about those that have ours. */
async function concerned(parts: EngineParts, { action, clients }: Selection) {
  if (action === 'install') await readyAuthority(parts)
  const wanted = wantedRoots(parts)
  if (!wanted) throw new EdgekeepError('authority.none', {})
  const surroundings = surroundingsOf(parts)
  const atlas = findAtlas(surroundings)
  const chosen = chosenClients(atlas, clients)
  if (clients && chosen.length === 0)
    throw new EdgekeepError('trust.no_client', {
      wanted: clients,
      names: atlas.clients.map(({ name }) => name),
    })
  const ids = new Set(chosen.flatMap((client) => client.stores))
  const stores = atlas.stores.filter(({ id }) => ids.has(id))
  const journal = openJournal(surroundings.folder)
  const needed = await Promise.all(
    stores.map(async (store) => {
      const { state, present } = await store.read(wanted)
      if (action === 'undo') return present.length > 0 || journal.of(store.id) !== undefined
      // What somebody distrusted by hand is only trusted again where it is asked for by name.
      return state !== 'trusted' && state !== 'unmanaged' && (state !== 'distrusted' || clients !== undefined)
    }),
  )
  return { stores: stores.filter((_, index) => needed[index]), wanted }
}

/** Runs the one script under polkit, whose dialog shows its first words; the plan has shown it whole. */
async function askForRights(parts: EngineParts, selection: Selection): Promise<string | null> {
  const { elevatedScript } = await planTrust(parts, selection)
  if (!elevatedScript) return null
  const ran = await run('pkexec', ['/bin/sh', '-c', elevatedScript], { timeoutMs: 300_000 })
  if (ran.status === 0) return null
  if (ran.status === 126 || ran.status === 127) return 'The rights of the administrator were not given.'
  return ran.status === null
    ? 'polkit’s pkexec, which asks for them, is not installed.'
    : ran.stderr.trim().slice(0, 300)
}

async function afterElevation(
  store: TrustStore,
  action: TrustAction,
  wanted: WantedRoots,
  { elevation, asked }: { elevation: Elevation; asked: string | null },
): Promise<TrustOutcome> {
  const say = (outcome: TrustOutcome['outcome'], sentence: string) => ({
    store: store.id,
    title: store.title,
    outcome,
    sentence,
  })
  const obstacle = await store.obstacle()
  if (obstacle) return say('failed', obstacle.sentence)
  if (elevation === 'leave') return say('skipped', 'It needs an administrator, who was not asked.')
  const { state, present, sentence } = await store.read(wanted)
  const isDone = action === 'install' ? state === 'trusted' : present.length === 0
  if (isDone) return say('done', store.change(action))
  return say('failed', asked ?? sentence)
}

async function recorded(
  parts: EngineParts,
  store: TrustStore,
  action: TrustAction,
  outcome: TrustOutcome,
): Promise<TrustOutcome> {
  if (outcome.outcome === 'skipped' || outcome.outcome === 'failed') return outcome
  proofsOf(surroundingsOf(parts)).clear()
  const fingerprintSha256 = wantedRoots(parts)?.current.fingerprint ?? ''
  const fact = { store: store.title, authority: fingerprintSha256 }
  const record =
    action === 'install'
      ? { action: 'trust.install', subject: store.id, before: null, after: fact }
      : { action: 'trust.undo', subject: store.id, before: fact, after: null }
  await commit(parts, () => ({ record }))
  return outcome
}
