import type { FixedPortUse, PortConflict, PortHolder } from '../../contract/engine/fixed-ports.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { portConflictMessage } from '../../domain/port-conflict.ts'
import { portHolders } from '../../platform/processes/port-holder.ts'
import { regularLook } from '../core/regular-look.ts'
import { acmeServerSettings, dnsPort, proxyPort, revocationPort } from '../core/settings.ts'
import type { PortWatchNeeds } from './needs.ts'
import { openDns } from './dns.ts'
import { openProxy } from './proxy.ts'

/*
 * Threat: a fixed loopback port belongs to the first listener. While Edgekeep does not run, another user may
 * listen on the port of the PAC file, and so become the browsers' proxy.
 */

interface ReservedPort {
  use: FixedPortUse
  /** Null if turned off. */
  wanted(): number | null
  isOpen(): boolean
  /** True if another program of this user relays the port here. */
  isRelayed?(): boolean
  open(port: number): Promise<unknown>
}

const lookEveryMs = 5_000

/**
 * Watches the fixed ports that are configured in other programs, and the wanted ports of the edge that another
 * program had, while the engine serves.
 */
export type PortWatch = ReturnType<typeof createPortWatch>

export function createPortWatch(parts: PortWatchNeeds) {
  const { log, clock } = parts
  const known = new Map<string, PortConflict>()
  const watched = reservedPorts(parts)
  /** Reopens a port that is free again, and logs each conflict once. */
  const { look, signal, close } = regularLook(
    { log, failure: 'Port check failed', everyMs: lookEveryMs },
    lookAtAll,
  )
  let isFirst = true

  async function lookAt(one: ReservedPort): Promise<void> {
    const port = one.wanted()
    const isDue =
      isFirst || [...known.values()].some(({ use, endedAt }) => use === one.use && endedAt === null)
    const holders = port === null || one.isOpen() ? [] : await holdersOf(port, one, isDue)
    // A program that was started again is bound before it listens, and its user is not visible until then.
    if (holders.includes(unknownHolder) && isReported(one.use, port)) return
    // Keyed by user: a program that restarts repeatedly is one conflict.
    const key = ({ uid }: PortHolder) => `${one.use} ${port} ${uid}`
    const keys = holders.map(key)
    if (port !== null) for (const holder of holders) begin(key(holder), { use: one.use, port, holder })
    for (const [at, conflict] of known)
      if (conflict.use === one.use && conflict.endedAt === null && !keys.includes(at)) end(at, conflict)
  }

  function isReported(use: FixedPortUse, port: number | null): boolean {
    return [...known.values()].some((each) => each.use === use && each.port === port && each.endedAt === null)
  }

  function begin(key: string, found: Pick<PortConflict, 'use' | 'port' | 'holder'>): void {
    if (known.get(key)?.endedAt === null) return
    const conflict = { ...found, seenAt: clock().toISOString(), endedAt: null }
    known.set(key, conflict)
    log.error({ ...found }, portConflictMessage(conflict))
    parts.topics.statusChanged.publish({})
  }

  /** Conflicts with strangers stay on record: browsers may still use the PAC file of one. */
  function end(key: string, conflict: PortConflict): void {
    const ended = { ...conflict, endedAt: clock().toISOString() }
    if (conflict.holder.isStranger) known.set(key, ended)
    else known.delete(key)
    log.warn({ use: conflict.use, port: conflict.port }, portConflictMessage(ended))
    parts.topics.statusChanged.publish({})
  }

  async function lookAtAll(): Promise<void> {
    for (const one of watched) {
      if (signal.aborted) return
      await lookAt(one).catch((error: unknown) =>
        log.error({ err: error, use: one.use }, 'Port check failed'),
      )
    }
    isFirst = false
    if (!signal.aborted) await parts.supervisor?.lookAtWanted()
  }

  return {
    conflicts: () =>
      [...known.values()].toSorted(
        (one, other) => Number(other.holder.isStranger) - Number(one.holder.isStranger),
      ),
    look,
    close,
  }
}

const unknownHolder: PortHolder = { uid: null, user: null, program: null, pid: null, isStranger: false }

/**
 * Other programs on one of this engine's ports; none once the engine has it. If nobody listens and `isDue`,
 * tries to open it: a bound port is not visible before its program listens.
 */
async function holdersOf(
  port: number,
  { use, isOpen, isRelayed, open }: ReservedPort,
  isDue: boolean,
): Promise<PortHolder[]> {
  const holders = await portHolders(port, { udp: use === 'dns' })
  if (isOpen()) return []
  if (isRelayed?.()) return holders.filter(({ isStranger }) => isStranger)
  if (holders.length > 0 || !isDue) return holders
  try {
    await open(port)
    return []
  } catch (error) {
    if (error instanceof EdgekeepError && error.code === 'edge.port_taken') return [unknownHolder]
    throw error
  }
}

function reservedPorts(parts: PortWatchNeeds): ReservedPort[] {
  const { vault, proxy, dns, acmeServer, publication } = parts
  const acme = () => acmeServerSettings.read(vault)
  return [
    {
      use: 'proxy',
      wanted: () => proxyPort.read(vault),
      isOpen: () => proxy.port === proxyPort.read(vault) && !proxy.current?.isRelayed,
      isRelayed: () => proxy.current?.isRelayed ?? false,
      open: (port) => openProxy(parts, port),
    },
    {
      use: 'dns',
      wanted: () => dnsPort.read(vault),
      isOpen: () => dns.port === dnsPort.read(vault),
      open: (port) => openDns(parts, port),
    },
    {
      use: 'acme',
      wanted: () => (acme().enabled ? acme().port : null),
      isOpen: () => acmeServer.state().directory !== null,
      open: () => (parts.vault.protection.locked ? Promise.resolve() : acmeServer.followSettings()),
    },
    {
      use: 'revocation',
      wanted: () => revocationPort.read(vault),
      isOpen: () => publication.state().address !== null,
      open: () => publication.followSetting(),
    },
  ]
}
