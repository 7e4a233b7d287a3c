import { statSync } from 'node:fs'
import type { TrustAction, TrustStep } from '../../contract/trust/trust.ts'
import { bothNames } from '../../contract/text/readable-name.ts'
import { isLocalhost } from '../../domain/localhost.ts'
import { contradiction, isThereByOthers, spliceFor } from './hosts-file.ts'
import { lookAtHosts, type HostsPlace } from './hosts-place.ts'
import { lookAtRouting } from './suffix-routing.ts'
import { hostsFileScript } from './hosts-file-script.ts'
import { openJournal, sumOf, sumOfBytes } from '../trust/stores/journal.ts'
import type { NamesNeeds } from './needs.ts'
import { type Change, recordChange, elevatedChange } from '../changes/changes.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { chosenNames } from './names.ts'
import { suffixOf } from './suffix-change.ts'
import { contradictionSentence } from './status.ts'

const id = 'hosts'
const title = 'the hosts file'

interface Selection {
  action: TrustAction
  domains?: string[]
  /** Domains that do not exist will. */
  isAdded?: boolean
}

/** Change of the hosts file for an action; none if it is up to date. */
export async function namesChanges(parts: NamesNeeds, selection: Selection): Promise<Change[]> {
  const hostEnvironment = hostEnvironmentOf(parts)
  const [place, routing] = await Promise.all([lookAtHosts(hostEnvironment), lookAtRouting(hostEnvironment)])
  const before = place.file?.block?.names ?? []
  const after = namesAfter(parts, selection, place).filter(
    // The system queries Edgekeep's DNS responder for these already.
    (host) => before.includes(host) || suffixOf(routing, host) === undefined,
  )
  const isSame = before.length === after.length && after.every((name) => before.includes(name))
  if (isSame) return []
  const step = stepOf(selection.action, place, { before, after, platform: hostEnvironment.platform })
  const look = async () => {
    const { file } = await lookAtHosts(hostEnvironmentOf(parts))
    const now = file?.block?.names ?? []
    const isDone = file !== null && now.join(' ') === after.join(' ')
    const outcome = undoOutcome(parts, place, after)
    return { isDone, now: changeSentence(before, after), why: `${place.path} is not changed.`, outcome }
  }
  return [elevatedChange(step, look, () => recorded(parts, { place, before, after }))]
}

/** Future names in the block, without those that other lines map here already. */
function namesAfter(
  parts: NamesNeeds,
  { action, domains, isAdded }: Selection,
  { file }: HostsPlace,
): string[] {
  const before = file?.block?.names ?? []
  if (action === 'undo') {
    const taken = domains ? chosenNames(parts, domains).map(({ host }) => host) : before
    return before.filter((name) => !taken.includes(name))
  }
  const wanted = chosenNames(parts, domains, isAdded)
    .map(({ host }) => host)
    // Browsers resolve names below localhost themselves, so they are written only on request.
    .filter((host) => domains !== undefined || !isLocalhost(host))
    .filter((host) => !before.includes(host) && !(file && isThereByOthers(file, host)))
  return [...before, ...new Set(wanted)]
}

function stepOf(
  action: TrustAction,
  place: HostsPlace,
  { before, after, platform }: { before: string[]; after: string[]; platform: NodeJS.Platform },
): TrustStep {
  const { path, real, file } = place
  const added = after.filter((name) => !before.includes(name))
  const removed = before.filter((name) => !after.includes(name))
  const against = file && added.find((name) => contradiction(file, name))
  const obstacle =
    place.obstacle ?? (against ? { sentence: contradictionSentence(place, against), command: null } : null)
  const link = real === path ? '' : ` It is a link; ${real} is what is changed.`
  return {
    store: id,
    title: title,
    location: path,
    change:
      action === 'install'
        ? `Points ${added.map(bothNames).join(', ')} to this computer, in a marked block at the end of ${path}.${link}`
        : `Takes ${removed.map(bothNames).join(', ')} out of ${path}.${link}`,
    elevated: true,
    commands: file && !obstacle ? hostsFileScript(real, file, spliceFor(file, after), platform) : null,
    obstacle,
  }
}

function changeSentence(before: string[], after: string[]): string {
  const added = after.filter((name) => !before.includes(name))
  const removed = before.filter((name) => !after.includes(name))
  return added.length > 0
    ? `It points ${added.join(', ')} to this computer.`
    : `It no longer has ${removed.join(', ')}.`
}

function bytesOf({ real, file }: HostsPlace): { bytes: string; mode: number } | null {
  return file && { bytes: file.bytes.toString('base64'), mode: statSync(real).mode & 0o777 }
}

/** Whether an undo restored the file to its state before the first change. */
function undoOutcome(parts: NamesNeeds, { real }: HostsPlace, after: string[]): 'done' | 'exact' {
  const record = openJournal(hostEnvironmentOf(parts).folder).of(id)
  const first = record?.files[0]?.before
  if (after.length > 0 || !first) return 'done'
  return sumOf(real) === sumOfBytes(first.bytes) ? 'exact' : 'done'
}

interface Changed {
  place: HostsPlace
  before: string[]
  after: string[]
}

/** Journals the file before the first change, until the block is removed again. */
async function recorded(parts: NamesNeeds, { place, before, after }: Changed): Promise<void> {
  const journal = openJournal(hostEnvironmentOf(parts).folder)
  const earlier = journal.of(id)
  if (after.length === 0) journal.forget(id)
  else
    journal.write({
      store: id,
      title: title,
      location: place.path,
      at: parts.clock().toISOString(),
      exact: true,
      files: [
        {
          path: place.real,
          before: (before.length > 0 ? earlier?.files[0]?.before : bytesOf(place)) ?? null,
          after: sumOf(place.real),
        },
      ],
      foldersMade: [],
    })
  const record = {
    action: after.length > before.length ? 'names.install' : 'names.undo',
    subject: place.path,
    before: { names: before },
    after: { names: after },
  }
  await recordChange(parts, record)
}
