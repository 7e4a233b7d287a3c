import type { EdgeSettings } from '../../contract/edge-settings.ts'
import { edgeSettings, portsBeforeMove } from '../core/settings.ts'
import { commit } from '../core/commit.ts'
import type { EngineParts } from '../parts.ts'
import { setEdgeSettings } from '../settings/edge-settings.ts'

export type EdgePorts = Pick<EdgeSettings, 'httpsPort' | 'httpPort'>

/** The ports that the edge was moved away from; null where it was not. */
export function portsBefore({ vault }: Pick<EngineParts, 'vault'>): EdgePorts | null {
  return portsBeforeMove.read(vault)
}

/**
 * Has the edge listen on other ports, now and at every start. `before` is kept as what an undo goes back to;
 * null ends that. Where it cannot listen there it goes on where it was.
 * @throws `edge.port_taken`, `edge.port_forbidden`, `edge.ports_equal`, `edge.without_keys`
 */
export async function moveEdge(
  parts: EngineParts,
  ports: EdgePorts,
  before: EdgePorts | null,
): Promise<void> {
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
