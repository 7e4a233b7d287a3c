import { standardPortSchema, type StandardPort } from '../../contract/engine/ports.ts'
import { portOwner, portTrouble } from '../../edge/supervisor/port-owner.ts'
import { edgePorts } from '../core/core.ts'
import type { NamesNeeds } from './needs.ts'

type Protocol = StandardPort['protocol']
export const standard: Record<Protocol, number> = { https: 443, http: 80 }

/** Whether addresses need a port number, per protocol, with the reason. */
export async function portsStatus(parts: NamesNeeds): Promise<{ ports: StandardPort[] }> {
  const [https, http] = await Promise.all(
    standardPortSchema.shape.protocol.options.map((protocol) => standardPort(parts, protocol)),
  )
  return { ports: [https, http].filter((each) => each !== undefined) }
}

export async function standardPort({ supervisor }: NamesNeeds, protocol: Protocol): Promise<StandardPort> {
  const port = standard[protocol]
  const edge = supervisor?.status()[protocol]?.port ?? null
  const say = (state: StandardPort['state'], sentence: string): StandardPort => ({
    protocol,
    port,
    edge,
    state,
    sentence,
  })
  if (edge === port) return say('here', `The edge has port ${port}.`)
  const trouble = await portTrouble(port, [])
  // The system reports a lack of permission before a conflict, so the owner is looked up for both.
  const owner = trouble ? await portOwner(port) : undefined
  if (owner !== undefined)
    return say('taken', `Port ${port} is taken by ${owner}. Stop that, or keep the number in the address.`)
  if (trouble?.code === 'edge.port_forbidden') return say('forbidden', forbidden(port))
  if (trouble) return say('taken', trouble.message)
  return say('free', `Port ${port} is free, and the edge may listen there.`)
}

/** Moves the edge to the ports it should have. @throws `edge.not_running`, and as `Supervisor.move` does */
export async function retryPorts(parts: NamesNeeds): Promise<{ https: number; http: number }> {
  edgePorts(parts)
  await parts.supervisor?.moveToWanted()
  parts.pacFile?.write()
  return edgePorts(parts)
}

function forbidden(port: number): string {
  return process.platform === 'darwin'
    ? `macOS lets nobody but the administrator listen on port ${port} of the loopback alone, where Edgekeep listens.`
    : `Port ${port} is for the administrator alone on this computer.`
}
