import type { EdgeSettings } from '../../../contract/edge-settings.ts'
import { EdgekeepError } from '../../../contract/errors.ts'
import { portTrouble } from '../../edge/supervisor/port-trouble.ts'
import { commit } from '../core/commit.ts'
import { edgeSettings } from '../core/settings.ts'
import type { EngineParts } from '../core/parts.ts'

/**
 * Keeps what is given for the next start and leaves the rest as it was. Nothing is kept that Edgekeep could
 * not start with: without an edge there would be no window to change it in.
 *
 * @throws EdgekeepError `edge.ports_equal`, `edge.port_taken`, `edge.port_forbidden`, `edge.workers_unsupported`
 */
export async function setEdgeSettings(
  parts: EngineParts,
  wanted: Partial<EdgeSettings>,
): Promise<EdgeSettings> {
  const before = edgeSettings.read(parts.vault)
  const after = { ...before, ...wanted }
  await expectStartable(parts, before, after)
  await commit(parts, () => {
    edgeSettings.store(parts.vault, after)
    return { record: { action: 'edge.settings', subject: 'edge', before, after } }
  })
  return after
}

async function expectStartable(parts: EngineParts, before: EdgeSettings, after: EdgeSettings): Promise<void> {
  const ports = portsOf(after)
  const twice = ports.find((port, at) => ports.indexOf(port) !== at)
  if (twice !== undefined) throw new EdgekeepError('edge.ports_equal', { port: twice })
  // `auto` serves with one worker where ports cannot be shared.
  const sharing = after.workers !== 'auto' && after.workers > 1
  const changed = ports.filter((port) => !portsOf(before).includes(port))
  const { https, http } = parts.supervisor?.status() ?? {}
  const ours = [https?.port, http?.port, parts.edgeStart?.started.metricsPort]
  for (const port of changed.filter((port) => !ours.includes(port))) {
    const trouble = await portTrouble(port, ports)
    if (trouble) throw trouble
  }
  if (sharing && before.workers !== after.workers) {
    const trouble = await portTrouble(0, [], { sharing })
    if (trouble) throw trouble
  }
}

function portsOf({ httpsPort, httpPort, metricsPort }: EdgeSettings): number[] {
  return [httpsPort, httpPort, ...(metricsPort === null ? [] : [metricsPort])]
}
