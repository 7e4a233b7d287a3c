import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { TrustAction, TrustPlan, TrustStep } from '../../contract/trust/trust.ts'
import { changeParts, installIn, undoIn } from './stores/change-store.ts'
import { openJournal } from './stores/journal.ts'
import type { WantedRoots } from './stores/roots.ts'
import type { StoreReading, TrustStore } from './stores/store.ts'
import { readyAuthority } from '../local-authority/authority-of-vault.ts'
import type { TrustNeeds } from './needs.ts'
import {
  applyChanges,
  planToRead,
  type Change,
  type ChangeEvent,
  type Result as ChangeResult,
  type Elevation,
  expectRecordable,
  recordChange,
  elevatedChange,
  ownStep,
} from '../changes/changes.ts'
import {
  chosenClients,
  draftRoots,
  findAtlas,
  isLimited,
  hostEnvironmentOf,
  undoableRoots,
  wantedRoots,
} from './atlas.ts'
import { proofsOf } from './proofs.ts'
import { quoted } from '../../platform/commands/shell.ts'
import { commandsToRead } from './commands-to-read.ts'

interface Selection {
  action: TrustAction
  clients?: string[]
}
/** Steps of the stores for an action, without any change. */
export async function planTrust(
  parts: TrustNeeds,
  { dryRun, ...selection }: Selection & { dryRun: boolean },
): Promise<TrustPlan> {
  const planned = { action: selection.action, command: commandOf(selection) }
  if (dryRun) return planToRead(planned, await trustSteps(parts, selection))
  return parts.plans.show(planned, await trustChanges(parts, selection))
}

function commandOf({ action, clients = [] }: Selection): string {
  const chosen = clients.length > 0 ? ['--client', ...clients] : []
  return ['edgekeep', 'trust', action, ...chosen].map(quoted).join(' ')
}

/**
 * Changes the stores one after the other. A failure leaves its store as it was and does not stop the others;
 * every change is in the audit trail.
 * @throws `vault.locked` for an install
 */
export async function* applyTrust(
  parts: TrustNeeds,
  selection: Selection & { plan?: string; elevation: Elevation },
  signal: AbortSignal | undefined,
): AsyncGenerator<ChangeEvent> {
  expectRecordable(parts, selection.action)
  const changes = parts.plans.take(selection.plan) ?? (await trustChanges(parts, selection))
  yield* applyChanges(changes, selection.elevation, signal)
}

/**
 * Installs the authority, which is created if needed, in one store of the person's own.
 * @throws `vault.locked`
 */
export async function installStore(parts: TrustNeeds, store: TrustStore): Promise<ChangeResult> {
  expectRecordable(parts, 'install')
  const wanted = await rootsOf(parts, 'install')
  return changeOwn(parts, store, { action: 'install', wanted })
}

async function changeOwn(
  parts: TrustNeeds,
  store: TrustStore,
  { action, wanted }: Pick<Read, 'action' | 'wanted'>,
): Promise<ChangeResult> {
  const own = changeParts(hostEnvironmentOf(parts).folder, wanted, parts.clock)
  const outcome = await (action === 'install' ? installIn(store, own) : undoIn(store, own))
  if (outcome.outcome !== 'failed') await recorded(parts, store, action)
  return outcome
}

export async function trustChanges(parts: TrustNeeds, selection: Selection): Promise<Change[]> {
  const { action } = selection
  const wanted = await rootsOf(parts, action)
  const { stores, readings } = await concerned(parts, selection, wanted)
  return Promise.all(
    stores.map(async (store): Promise<Change> => {
      const step = await stepOf(store, { action, wanted, reading: readings.get(store.id) })
      if (store.elevated)
        return elevatedChange(
          step,
          () => observed(store, action, wanted),
          () => recorded(parts, store, action),
        )
      return { step, act: () => changeOwn(parts, store, { action, wanted }) }
    }),
  )
}

/**
 * Steps for a dry run, which creates no authority. Without one, the stores are compared with a draft in
 * memory that the shown commands omit.
 */
export async function trustSteps(parts: TrustNeeds, selection: Selection): Promise<{ step: TrustStep }[]> {
  const { action } = selection
  const drafted = action === 'install' ? await draftRoots(parts) : null
  const wanted = drafted ?? requireRoots(parts, action)
  const { stores, readings } = await concerned(parts, selection, wanted)
  const steps = await Promise.all(
    stores.map((store) => stepOf(store, { action, wanted, reading: readings.get(store.id) })),
  )
  if (!drafted) return steps.map((step) => ({ step }))
  const toRead = steps.map(({ commands, ...step }) => ({
    ...step,
    commands: commands && commandsToRead(commands, drafted.current),
  }))
  return [authorityStep, ...toRead].map((step) => ({ step }))
}

/** Step of dry runs only: a real plan has created the authority. */
export const authorityStep = ownStep({
  store: 'authority',
  title: 'the local authority',
  location: 'the vault',
  change: 'Makes a local authority. Its key stays in the vault.',
})

interface Read {
  action: TrustAction
  wanted: WantedRoots
  reading: StoreReading | undefined
}

async function stepOf(store: TrustStore, { action, wanted, reading }: Read): Promise<TrustStep> {
  const { id, title, location, elevated } = store
  const isUnmanaged = action === 'install' && reading?.state === 'unmanaged'
  const obstacle =
    (await store.obstacle()) ?? (isUnmanaged ? { sentence: reading.sentence, command: null } : null)
  return {
    store: id,
    title,
    location,
    change: [store.change(action), ...foreignRemoved(action, wanted, reading)].join(' '),
    elevated,
    commands: obstacle ? null : store.commands(action, wanted) || null,
    obstacle,
  }
}

/** Sentences about roots of other authorities that an undo takes out too. */
function foreignRemoved(
  action: TrustAction,
  { ours }: WantedRoots,
  reading: StoreReading | undefined,
): string[] {
  if (action === 'install') return []
  return ours
    .filter(({ isForeign, fingerprint }) => isForeign && reading?.present.includes(fingerprint))
    .map(({ title }) => `Takes out the root "${title}" too.`)
}

/** The roots for an action; an install creates the authority if needed. */
async function rootsOf(parts: TrustNeeds, action: TrustAction): Promise<WantedRoots> {
  if (action === 'install') await readyAuthority(parts)
  return requireRoots(parts, action)
}

/** @throws `authority.none`; `authority.unlimited` for one without name constraints */
function requireRoots(parts: TrustNeeds, action: TrustAction): WantedRoots {
  const wanted = action === 'undo' ? undoableRoots(parts) : wantedRoots(parts)
  if (!wanted) throw new EdgekeepError('authority.none', {})
  if (action === 'install' && !isLimited(wanted.current)) throw new EdgekeepError('authority.unlimited', {})
  return wanted
}

/** Stores of the chosen clients; for an undo, those that were changed. */
async function concerned(parts: TrustNeeds, { action, clients }: Selection, wanted: WantedRoots) {
  const hostEnvironment = hostEnvironmentOf(parts)
  const atlas = findAtlas(hostEnvironment)
  // An undo includes the optional clients.
  const chosen = action === 'undo' && !clients ? atlas.clients : chosenClients(atlas, clients)
  const ids = new Set(chosen.flatMap((client) => client.stores))
  const asked = new Set(chosen.filter(({ optional }) => optional).flatMap((client) => client.stores))
  const stores = atlas.stores.filter(
    ({ id, isWide }) => ids.has(id) && (action === 'undo' || !isWide || asked.has(id)),
  )
  const journal = openJournal(hostEnvironment.folder)
  const readings = new Map(
    await Promise.all(stores.map(async (store) => [store.id, await store.read(wanted)] as const)),
  )
  const isUnmanaged = (id: string) => readings.get(id)?.state === 'unmanaged'
  const needed = stores.filter(({ id }) => {
    const { state = 'unreadable', present = [] } = readings.get(id) ?? {}
    if (action === 'undo') return present.length > 0 || journal.of(id) !== undefined
    // An unmanaged store is reported only for a client that was requested by name and reads no other.
    if (state === 'unmanaged')
      return (
        clients !== undefined &&
        chosen.some((each) => each.stores.includes(id) && each.stores.every(isUnmanaged))
      )
    // A root that the user distrusted is trusted again only on request by name.
    return state !== 'trusted' && (state !== 'distrusted' || clients !== undefined)
  })
  return { stores: needed, readings }
}

async function observed(store: TrustStore, action: TrustAction, wanted: WantedRoots) {
  const { state, present, sentence } = await store.read(wanted)
  const isDone = action === 'install' ? state === 'trusted' : present.length === 0
  return { isDone, now: sentence, why: sentence }
}

async function recorded(parts: TrustNeeds, store: TrustStore, action: TrustAction): Promise<void> {
  // A proof of a domain may rest on a root of another authority, which the states of stores do not show.
  if (action === 'undo') proofsOf(hostEnvironmentOf(parts)).endWith(store.id)
  const fingerprintSha256 = undoableRoots(parts)?.current.fingerprint ?? ''
  const fact = { store: store.title, authority: fingerprintSha256 }
  const record =
    action === 'install'
      ? { action: 'trust.install', subject: store.id, before: null, after: fact }
      : { action: 'trust.undo', subject: store.id, before: fact, after: null }
  await recordChange(parts, record)
}
