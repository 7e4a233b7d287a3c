import type { EdgeSettings } from '../../contract/engine/edge-settings.ts'
import { edgeSettings, portsBeforeMove } from '../core/settings.ts'
import { commit } from '../core/commit.ts'
import type { Core } from '../core/core.ts'
import type { NamesNeeds } from './needs.ts'
import { setEdgeSettings } from '../settings/edge-settings.ts'

export type EdgePorts = Pick<EdgeSettings, 'httpsPort' | 'httpPort'>

/** Ports before the move; null without one. */
export function portsBefore({ vault }: Pick<Core, 'vault'>): EdgePorts | null {
  return portsBeforeMove.read(vault)
}

/**
 * Moves the edge to other ports, now and at every start. `before` is stored for the undo; null deletes that.
 * If the edge cannot listen there, it stays on the old ports.
 * @throws `edge.port_taken`, `edge.port_forbidden`, `edge.ports_equal`, `edge.without_keys`
 */
export async function moveEdge(parts: NamesNeeds, ports: EdgePorts, before: EdgePorts | null): Promise<void> {
  const { supervisor, edgeStart, vault } = parts
  if (supervisor) {
    await supervisor.move(ports)
    if (edgeStart) Object.assign(edgeStart.started, ports)
    parts.pacFile?.write()
  }
  await setEdgeSettings(parts, ports)
  await commit(parts, () => {
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
