import { edgeSettingsSchema, type EdgeSettings } from '../../contract/engine/edge-settings.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { changedField, changedMeanwhile } from '../core/edit-conflict.ts'
import { commit } from '../core/commit.ts'
import { edgeSettings } from '../core/settings.ts'
import type { SettingsNeeds } from './needs.ts'
import { portTrouble } from '../../edge/supervisor/port-owner.ts'

const settingLabels = {
  httpsPort: 'HTTPS port',
  httpPort: 'HTTP port',
  workers: 'number of workers',
  metricsPort: 'metrics port',
} as const satisfies Record<keyof EdgeSettings, string>

/**
 * Partial update for the next start. Refuses settings with which Edgekeep could not start, since without an
 * edge there would be no window to change them in, and edit conflicts with `read`.
 * @throws EdgekeepError `edge.changed_meanwhile`, `edge.ports_equal`, `edge.port_taken`,
 *   `edge.port_forbidden`, `edge.workers_unsupported`
 */
export async function setEdgeSettings(
  parts: SettingsNeeds,
  wanted: Partial<EdgeSettings>,
  read: Partial<EdgeSettings> = {},
): Promise<EdgeSettings> {
  const stored = edgeSettings.read(parts.vault)
  refuseEditConflict(parts, stored, read)
  await expectStartable(parts, stored, { ...stored, ...wanted })
  const { done } = await commit(parts, () => {
    // Reads again, because testing the ports takes a while.
    const before = edgeSettings.read(parts.vault)
    refuseEditConflict(parts, before, read)
    const after = { ...before, ...wanted }
    expectDifferentPorts(after)
    edgeSettings.store(parts.vault, after)
    return { after, record: { action: 'edge.settings', subject: 'edge', before, after } }
  })
  return done.after
}

function refuseEditConflict(parts: SettingsNeeds, now: EdgeSettings, read: Partial<EdgeSettings>): void {
  const changed = changedField(edgeSettingsSchema.shape, read, now)
  if (changed === undefined) return
  throw new EdgekeepError('edge.changed_meanwhile', changedMeanwhile(parts, 'edge', settingLabels[changed]))
}

function expectDifferentPorts(settings: EdgeSettings): void {
  const ports = portsOf(settings)
  const twice = ports.find((port, at) => ports.indexOf(port) !== at)
  if (twice !== undefined) throw new EdgekeepError('edge.ports_equal', { port: twice })
}

async function expectStartable(
  parts: SettingsNeeds,
  before: EdgeSettings,
  after: EdgeSettings,
): Promise<void> {
  expectDifferentPorts(after)
  const ports = portsOf(after)
  // `auto` falls back to one worker where ports cannot be shared.
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
