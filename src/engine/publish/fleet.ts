import type { TargetServer } from '../../contract/targets/targets.ts'
import { type Host, HostFault } from './hosts/host.ts'
import { localHost } from './hosts/local-host.ts'
import { sshHost } from './hosts/ssh-host.ts'
import type { VaultKey } from './hosts/vault-agent.ts'
import type { Outcome, Publication } from './publication.ts'
import { publishToServer } from './publish-to-server.ts'
import { vaultKeyOf } from './ssh-key.ts'

/**
 * Publishes to one server, then to a quarter of the others, then to all. If one fails, or after a cancellation, those
 * that were published to are rolled back and the rest is not attempted; one that is away fails nothing and is caught up by the next publication.
 * The outcomes are in the order of the servers.
 */
export async function publishToFleet(
  publication: Omit<Publication, 'host' | 'server'>,
  servers: readonly TargetServer[],
  open = openHost,
): Promise<Outcome[]> {
  const outcomes = new Map<TargetServer, Outcome>()
  const hosts: Host[] = []
  try {
    for (const wave of wavesOf(servers)) {
      const isStopped = mustStop()
      const made = await Promise.all(
        wave.map(async (server) => {
          if (isStopped) return { server, outcome: withoutSteps(server, 'skipped') }
          return { server, outcome: await publishTo(publication, server, { open, hosts }) }
        }),
      )
      for (const { server, outcome } of made) outcomes.set(server, outcome)
    }
    if (mustStop()) await undoAll(outcomes)
    else await Promise.all([...outcomes.values()].map(async ({ prune }) => await prune?.()))
    return servers.flatMap((server) => outcomes.get(server) ?? [])
  } finally {
    for (const host of hosts) host.close()
  }

  function mustStop(): boolean {
    return publication.watch.signal.aborted || [...outcomes.values()].some(hasFailed)
  }
}

async function undoAll(outcomes: Map<TargetServer, Outcome>): Promise<void> {
  await Promise.all(
    [...outcomes].map(async ([server, { undo }]) => {
      if (undo) outcomes.set(server, await undo())
    }),
  )
}

function wavesOf(servers: readonly TargetServer[]): TargetServer[][] {
  const [first, ...others] = servers
  const some = Math.ceil(others.length / 4)
  return [first ? [first] : [], others.slice(0, some), others.slice(some)]
}

export function hasFailed({ report }: Outcome): boolean {
  return report.state === 'refused' || report.state === 'rolled-back' || report.state === 'failed'
}

/** Connection to a server of a target; its SSH host key has to be the pinned one. @throws `HostFault` */
export async function openHost(
  { address, hostKey }: TargetServer,
  key: VaultKey | null = null,
): Promise<Host> {
  if (hostKey === null) return localHost()
  const { host } = await sshHost(address, hostKey, key)
  return host
}

async function publishTo(
  publication: Omit<Publication, 'host' | 'server'>,
  server: TargetServer,
  { open, hosts }: { open: typeof openHost; hosts: Host[] },
): Promise<Outcome> {
  const { report } = publication.watch
  try {
    report({ type: 'running', server: server.address, step: 'reach', done: 0, total: 0 })
    const host = await open(server, vaultKeyOf(publication.parts, publication.setup.name))
    hosts.push(host)
    return await publishToServer({ ...publication, host, server })
  } catch (error) {
    if (!(error instanceof HostFault)) throw error
    const away = withoutSteps(server, 'away')
    const step = { step: 'reach' as const, ok: false, sentence: error.message }
    away.report.steps.push(step)
    report({ type: 'step', server: server.address, step })
    return away
  }
}

function withoutSteps(server: TargetServer, state: 'away' | 'skipped'): Outcome {
  return { report: { server: server.address, state, steps: [], diff: '', renewed: [] }, server, undo: null }
}
