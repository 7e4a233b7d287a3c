import { movedListenerMessage, movedListeners } from '../../domain/moved-listener.ts'
import { isPortFree, nextFreePort } from '../../edge/supervisor/port-owner.ts'
import type { TrustAction, TrustStep } from '../../contract/trust/trust.ts'
import { lookAtLowPorts, lowerScript, raiseScript, type LowPorts } from './low-ports.ts'
import type { NamesNeeds } from './needs.ts'
import { edgeSettings, portsBeforeMove } from '../core/settings.ts'
import { type Change, recordChange, type Result, elevatedChange, ownStep } from '../changes/changes.ts'
import { standard, standardPort } from './ports.ts'
import type { EdgeSettings } from '../../contract/engine/edge-settings.ts'
import { commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import { setEdgeSettings } from '../settings/edge-settings.ts'

const system = { store: 'ports', title: 'ports below 1024' } as const
const edge = { store: 'edge', title: 'the edge’s ports', location: '127.0.0.1 and ::1' } as const

/** Changes for addresses without a port number, or their undo; none if up to date. */
export function portsChanges(parts: NamesNeeds, action: TrustAction): Promise<Change[]> {
  return action === 'install' ? installChanges(parts) : Promise.resolve(undoChanges(parts))
}

async function installChanges(parts: NamesNeeds): Promise<Change[]> {
  const [https, http] = await Promise.all([standardPort(parts, 'https'), standardPort(parts, 'http')])
  const now = portsNow(parts)
  const isHere =
    now.httpsPort === standard.https && (now.httpPort === standard.http || http.state === 'taken')
  if (isHere) return []
  const wanted: EdgePorts = {
    httpsPort: standard.https,
    httpPort: http.state === 'taken' ? now.httpPort : standard.http,
  }
  const isForbidden = [https, http].some(({ state }) => state === 'forbidden')
  const low = lookAtLowPorts()
  const taken = https.state === 'taken' ? https.sentence : null
  const unknown = isForbidden && low.from === null ? https.sentence : null
  const reason = taken ?? unknown
  const rest = http.state === 'taken' ? ` ${http.sentence} HTTP stays on port ${now.httpPort}.` : ''
  const change = `Moves the edge to ${rest === '' ? `ports ${wanted.httpsPort} and ${wanted.httpPort}` : `port ${wanted.httpsPort}`}, so that an address has no number.${rest}`
  const step = ownStep({ ...edge, change }, reason === null ? null : { sentence: reason, command: null })
  const move: Change = {
    step,
    isLast: true,
    dependsOn: system.store,
    act: () => moved(parts, step, wanted, portsBefore(parts) ?? now),
  }
  return isForbidden && reason === null ? [lowered(parts, low), move] : [move]
}

function undoChanges(parts: NamesNeeds): Change[] {
  const low = lookAtLowPorts()
  const before = portsBefore(parts)
  const change = `Moves the edge back to ports ${before?.httpsPort} and ${before?.httpPort}.`
  const step = ownStep({ ...edge, change })
  return [
    ...(before ? [{ step, act: () => moved(parts, step, before, null) }] : []),
    ...(low.before === null && !low.obstacle ? [] : [raised(parts, low)]),
  ]
}

/** Present ports of the edge, or those of its next start. */
function portsNow({ supervisor, vault }: NamesNeeds): EdgePorts {
  const { https, http } = supervisor?.status() ?? {}
  const { httpsPort, httpPort } = edgeSettings.read(vault)
  return { httpsPort: https?.port ?? httpsPort, httpPort: http?.port ?? httpPort }
}

function lowered(parts: NamesNeeds, low: LowPorts): Change {
  const step: TrustStep = {
    ...system,
    location: low.filePath,
    change: `Lets every user of this computer listen on ports from ${standard.http} on, instead of ${low.from}, also after a restart.`,
    elevated: true,
    commands: low.obstacle ? null : lowerScript(standard.http, low),
    obstacle: low.obstacle,
  }
  const look = async () => ({
    now: `Every user of this computer may listen on ports from ${standard.http} on.`,
    isDone: (lookAtLowPorts().from ?? Infinity) <= standard.http,
    why: `Ports below ${low.from} are still for the administrator alone.`,
  })
  return elevatedChange(step, look, () => recorded(parts, low))
}

function raised(parts: NamesNeeds, low: LowPorts): Change {
  const step: TrustStep = {
    ...system,
    location: low.filePath,
    change: `Keeps ports below ${low.before} for the administrator again.`,
    elevated: true,
    commands: low.obstacle ? null : raiseScript(low),
    obstacle: low.obstacle,
  }
  const look = async () => {
    const { from, before } = lookAtLowPorts()
    const isDone = from === low.before && before === null
    const now = `Ports below ${low.before} are for the administrator alone again.`
    return {
      isDone,
      now,
      why: `Every user may still listen on ports from ${from} on.`,
      outcome: 'exact' as const,
    }
  }
  return elevatedChange(step, look, () => recorded(parts, low))
}

async function recorded(parts: NamesNeeds, { from }: LowPorts): Promise<void> {
  const after = { from: lookAtLowPorts().from }
  await recordChange(parts, { action: 'ports.system', subject: system.title, before: { from }, after })
}

async function moved(
  parts: NamesNeeds,
  step: TrustStep,
  ports: EdgePorts,
  before: EdgePorts | null,
): Promise<Result> {
  if (step.obstacle) return { outcome: 'failed', sentence: step.obstacle.sentence }
  await moveEdge(parts, ports, before)
  const { httpsPort, httpPort } = portsNow(parts)
  const { https = null, http = null } = parts.supervisor?.status() ?? {}
  const isRunning = parts.supervisor?.status() !== undefined
  const sentences = [
    `${isRunning ? 'It listens' : 'The edge is not running; it will listen'} on port ${httpsPort} for HTTPS and ${httpPort} for HTTP.`,
    ...movedListeners({ https, http }).map(movedListenerMessage),
  ]
  return { outcome: 'done', sentence: sentences.join(' ') }
}

type EdgePorts = Pick<EdgeSettings, 'httpsPort' | 'httpPort'>

/** Ports before the move; null without one. */
export function portsBefore({ vault }: Pick<Core, 'vault'>): EdgePorts | null {
  return portsBeforeMove.read(vault)
}

/**
 * Moves the edge to other ports, now and at every start. `before` is stored for the undo. If the edge cannot listen
 * there, it stays on the old ports. Null: this is the undo, which does not need the ports: the edge has the next free
 * ones while another program has them.
 * @throws `edge.port_taken`, `edge.port_forbidden`, `edge.ports_equal`, `edge.without_keys`
 */
export async function moveEdge(parts: NamesNeeds, ports: EdgePorts, before: EdgePorts | null): Promise<void> {
  const { supervisor, edgeStart, vault } = parts
  if (supervisor) {
    await supervisor.move(ports, before === null ? await freePorts(parts, ports) : ports)
    if (edgeStart) Object.assign(edgeStart.started, ports)
    parts.pacFile?.write()
  }
  if (before !== null) await setEdgeSettings(parts, ports)
  await commit(parts, () => {
    if (before === null) edgeSettings.store(vault, { ...edgeSettings.read(vault), ...ports })
    portsBeforeMove.store(vault, before)
    return {
      record: {
        action: 'ports.move',
        subject: 'edge',
        before: { ports: before ?? edgeSettings.read(vault) },
        after: ports,
      },
    }
  })
}

/** The ports, or the next free one for each that another program has. */
async function freePorts(parts: NamesNeeds, { httpsPort, httpPort }: EdgePorts): Promise<EdgePorts> {
  const now = portsNow(parts)
  const addresses = parts.supervisor?.status().https?.addresses ?? []
  const free = async (port: number, except: number[]) => {
    const isOurs = port === now.httpsPort || port === now.httpPort
    return isOurs || (await isPortFree(port, addresses)) ? port : await nextFreePort(port, addresses, except)
  }
  const https = (await free(httpsPort, [httpPort])) ?? now.httpsPort
  return { httpsPort: https, httpPort: (await free(httpPort, [https, httpsPort])) ?? now.httpPort }
}
