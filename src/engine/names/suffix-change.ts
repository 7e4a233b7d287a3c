import { EdgekeepError } from '../../contract/errors/registry.ts'
import { isUnder } from '../../domain/authority-scope.ts'
import { suffixProblem } from '../../domain/suffix-problem.ts'
import type { TrustAction, TrustStep } from '../../contract/trust/trust.ts'
import { foreignSuffix, lookAtRouting, routingScript, type Routing } from './suffix-routing.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { commit } from '../core/commit.ts'
import type { NamesNeeds } from './needs.ts'
import { dnsPort } from '../core/settings.ts'
import { type Change, recordChange, type Result, elevatedChange, ownStep } from '../changes/changes.ts'
import { hostEnvironmentOf } from '../trust/atlas.ts'
import { openDns, portForDns } from './dns.ts'

const responder = { store: 'dns', title: 'the DNS responder' } as const
const system = { store: 'suffixes', title: 'the system’s resolver' } as const

interface Selection {
  action: TrustAction
  /** Default: all for an undo. */
  suffixes?: string[]
}

/**
 * Changes that route whole suffixes here, or undo that; none if up to date.
 * @throws `names.suffix_refused`
 */
export async function suffixChanges(parts: NamesNeeds, { action, suffixes }: Selection): Promise<Change[]> {
  const routing = await lookAtRouting(hostEnvironmentOf(parts))
  const chosen = suffixes?.map(chosenSuffix)
  const before = routing.installed?.suffixes ?? []
  const storedPort = dnsPort.read(parts.vault)
  if (action === 'undo') {
    const after = chosen ? before.filter((each) => !chosen.includes(each)) : []
    const closes = after.length === 0 && storedPort !== null
    return [
      ...(after.length === before.length
        ? []
        : [routed(parts, routing, { before, after, port: routing.installed?.port ?? 0 })]),
      ...(closes ? [closed(parts, storedPort)] : []),
    ]
  }
  const after = [...before, ...new Set((chosen ?? []).filter((each) => !before.includes(each)))]
  const port = routing.installed?.port ?? (await portForDns(parts))
  const isOpen = storedPort === port && (!parts.supervisor || parts.dns.port === port)
  return [
    ...(isOpen || routing.obstacle ? [] : [opened(parts, port)]),
    ...(after.length === before.length ? [] : [routed(parts, routing, { before, after, port })]),
  ]
}

/** The installed suffix above `host`. */
export function suffixOf({ installed }: Routing, host: string): string | undefined {
  return installed?.suffixes.find((suffix) => isUnder(host, suffix))
}

function chosenSuffix(input: string): string {
  const suffix = normaliseDomain(input.replace(/^\./, ''))
  const reason = isUnder(suffix, 'localhost')
    ? 'browsers resolve names below localhost to this computer on their own'
    : isUnder(suffix, 'local')
      ? 'names below .local are asked of other devices by mDNS, before any DNS server'
      : suffixProblem(suffix)
  if (reason !== undefined) throw new EdgekeepError('names.suffix_refused', { suffix, reason })
  return suffix
}

function opened(parts: NamesNeeds, port: number): Change {
  const step = ownStep({
    ...responder,
    location: `127.0.0.1, port ${port}`,
    change: `Answers by DNS on port ${port} of the loopback for the names that Edgekeep serves, and refuses all others; now and at every start.`,
  })
  return { step, act: () => storePort(parts, port) }
}

function closed(parts: NamesNeeds, port: number): Change {
  const step = ownStep({
    ...responder,
    location: `127.0.0.1, port ${port}`,
    change: `Closes the DNS responder on port ${port}.`,
  })
  const act = async (): Promise<Result> => {
    const { installed } = await lookAtRouting(hostEnvironmentOf(parts))
    if (!installed) return storePort(parts, null)
    return { outcome: 'skipped', sentence: 'The system’s resolver still asks it.' }
  }
  return { step, isLast: true, act }
}

async function storePort(parts: NamesNeeds, port: number | null): Promise<Result> {
  const before = dnsPort.read(parts.vault)
  if (port === null) await parts.dns.close()
  else if (parts.supervisor) await openDns(parts, port)
  await commit(parts, () => {
    dnsPort.store(parts.vault, port)
    return { record: { action: 'names.dns', subject: 'dns', before: { port: before }, after: { port } } }
  })
  return port === null
    ? { outcome: 'exact', sentence: 'It is closed.' }
    : { outcome: 'done', sentence: `It answers on port ${port} of the loopback.` }
}

interface Routed {
  before: string[]
  after: string[]
  port: number
}

function routed(parts: NamesNeeds, routing: Routing, { before, after, port }: Routed): Change {
  const added = after.filter((each) => !before.includes(each))
  const removed = before.filter((each) => !after.includes(each))
  const foreign = foreignSuffix(routing, added)
  const obstacle = routing.obstacle ?? (foreign === null ? null : { sentence: foreign, command: null })
  const step: TrustStep = {
    ...system,
    location: routing.place || '/etc/resolv.conf',
    change: added.length > 0 ? leading(added) : `No longer asks Edgekeep for names below ${dotted(removed)}.`,
    elevated: true,
    commands: obstacle ? null : routingScript(routing, after, port),
    obstacle,
  }
  const look = async () => {
    const { installed } = await lookAtRouting(hostEnvironmentOf(parts))
    const current = installed?.suffixes ?? []
    const isDone = current.length === after.length && after.every((each) => current.includes(each))
    const outcome = after.length === 0 ? ('exact' as const) : ('done' as const)
    const suffixes = dotted(added.length > 0 ? added : removed)
    const now = `It ${added.length > 0 ? 'asks' : 'no longer asks'} Edgekeep for names below ${suffixes}.`
    return { isDone, now, why: `${routing.place} is not changed.`, outcome }
  }
  const record = () =>
    recordChange(parts, {
      action: after.length > before.length ? 'names.install' : 'names.undo',
      subject: routing.place,
      before: { suffixes: before },
      after: { suffixes: after },
    })
  return elevatedChange(step, look, record)
}

function leading(added: string[]): string {
  return `Has the system ask Edgekeep for every name below ${dotted(added)}. Names below it that Edgekeep does not serve do not resolve, even while Edgekeep does not run.`
}

function dotted(suffixes: string[]): string {
  return suffixes.map((each) => `.${each}`).join(', ')
}
