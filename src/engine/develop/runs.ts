import type { Run, ServeInput } from '../../contract/develop/runs.ts'
import type { Origin } from '../../contract/domains/origins.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { commit } from '../core/commit.ts'
import { edgePorts } from '../core/core.ts'
import { type StoredRun, storedRuns } from '../core/settings.ts'
import { removeDomain, setOrigin } from '../domains/domains.ts'
import { normaliseOrigin } from '../domains/origin.ts'
import { turnOnHttps } from '../https/https.ts'
import { leaveEndedPage, removePage, updatePages } from './ended-pages.ts'
import type { DevelopNeeds, LiveRun } from './needs.ts'

/**
 * Serves a development server under the first free name until `signal` aborts: the call is the lifeline of
 * the domain. What a killed engine left is removed at the next start.
 * @throws `edge.not_running`, `run.name_taken`, and the errors of an invalid name or origin
 */
export async function* serveRun(
  parts: DevelopNeeds,
  input: ServeInput,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<Run> {
  const run = await begin(parts, input)
  const changes = parts.topics.statusChanged.subscribe(signal)
  try {
    await turnOnHttps(parts, run.domain)
    yield { ...run }
    if (signal.aborted) return
    while ((await changes.next()).done !== true) if (followPort(parts, run)) yield { ...run }
  } finally {
    await changes.return(undefined)
    parts.liveRuns.delete(run.domain)
    const page = parts.standIns.get(run.domain)
    await endSafely(parts, run.domain)
    await leaveEndedPage(parts, run)
    updatePages(parts)
    // The next run of this name may have its own by now.
    if (parts.standIns.get(run.domain) === page) parts.standIns.delete(run.domain)
  }
}

/** Updates the address of a run after the edge moved, as an uninstall moves it. Returns whether it changed. */
function followPort(parts: DevelopNeeds, run: LiveRun): boolean {
  const port = parts.supervisor?.status().https?.port
  const address = port === undefined ? run.address : addressOf(run.domain, port)
  if (address === run.address) return false
  run.address = address
  updatePages(parts)
  return true
}

const addressOf = (domain: string, port: number) => `https://${domain}${port === 443 ? '' : `:${port}`}`

interface Pointed {
  domain: string
  origin: Origin
  listens: boolean
  status?: number | undefined
}

/**
 * Sends requests to the server of a run from when it listens: before, any program may hold its port.
 * @throws `domain.not_found` for a domain that no run has, and the errors of an invalid origin
 */
export async function pointRun(
  parts: DevelopNeeds,
  { domain, origin, listens, status }: Pointed,
): Promise<void> {
  const run = parts.liveRuns.get(domain)
  if (!run) throw new EdgekeepError('domain.not_found', { name: domain })
  run.status = status ?? null
  noteListening(parts, run, listens)
  await setOrigin(parts, domain, origin)
}

function noteListening({ standIns }: DevelopNeeds, { domain, service }: Run, listens: boolean): void {
  const sentence = `${service} is starting: its server does not listen yet. This page loads again until it does.`
  if (listens) standIns.delete(domain)
  else standIns.set(domain, { sentence, retrySeconds: 1 })
}

/** Removes the domains of an engine that ended before them. */
export async function removeFormerRuns(parts: DevelopNeeds): Promise<void> {
  for (const { domain } of storedRuns.read(parts.vault))
    if (!parts.liveRuns.has(domain)) await endSafely(parts, domain)
}

/** Adds the domain, with the mark of a run in the same change. */
async function begin(
  parts: DevelopNeeds,
  { names, origin, listens, ...place }: ServeInput,
): Promise<LiveRun> {
  const { project, service } = place
  const { https } = edgePorts(parts)
  await removeFormerRuns(parts)
  const domain = freeName(parts, names.map(normaliseDomain))
  const address = addressOf(domain, https)
  const row = { name: domain, origin: normaliseOrigin(parts, origin) }
  // Before the change is committed, so that no other call takes the name for one that was left.
  const run = { ...place, domain, address, since: parts.clock().toISOString(), status: null }
  parts.liveRuns.set(domain, run)
  removePage(parts, domain)
  updatePages(parts)
  noteListening(parts, run, listens)
  try {
    await commit(parts, () => {
      parts.vault.domains.insert(row)
      const since = parts.vault.domains.get(domain)?.createdAt ?? run.since
      storeRuns(parts, (stored) => [...stored, { domain, project, service, since }])
      const after = { origin: row.origin, project, service }
      return { record: { action: 'run.begin', subject: domain, before: null, after } }
    })
  } catch (error) {
    parts.liveRuns.delete(domain)
    parts.standIns.delete(domain)
    throw error
  }
  return run
}

function freeName({ vault, liveRuns }: DevelopNeeds, names: string[]): string {
  const free = names.find((name) => !liveRuns.has(name) && vault.domains.get(name) === undefined)
  if (free !== undefined) return free
  const name = names[0] ?? ''
  throw new EdgekeepError('run.name_taken', { name, isRun: liveRuns.has(name) })
}

/** A failure, as of a vault that was locked meanwhile, leaves the mark for the next attempt. */
async function endSafely(parts: DevelopNeeds, domain: string): Promise<void> {
  try {
    // The vault is already closed when the engine has ended.
    if (parts.vault.isOpen()) await end(parts, domain)
  } catch (error) {
    parts.log.warn({ err: error, domain }, 'Domain of a development server not removed')
  }
}

async function end(parts: DevelopNeeds, domain: string): Promise<void> {
  const mark = storedRuns.read(parts.vault).find((stored) => stored.domain === domain)
  if (!mark) return
  const unmark = () => storeRuns(parts, (stored) => stored.filter((one) => one.domain !== domain))
  if (parts.vault.domains.get(domain)?.createdAt === mark.since)
    return void (await removeDomain(parts, domain, unmark))
  await commit(parts, () => {
    unmark()
    return { record: { action: 'run.end', subject: domain, before: null, after: null } }
  })
}

function storeRuns({ vault }: DevelopNeeds, change: (stored: StoredRun[]) => StoredRun[]): void {
  storedRuns.store(vault, change(storedRuns.read(vault)))
}
