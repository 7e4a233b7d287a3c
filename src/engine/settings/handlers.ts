import { implement, proceduresFor } from '../core/procedures.ts'
import { setAgentPermissions } from './agent-permissions.ts'
import { setDesktopPreferences } from './desktop-preferences.ts'
import { setEdgeSettings } from './edge-settings.ts'
import { engineStatus } from './status.ts'
import type { SettingsNeeds } from './needs.ts'

const { agents, engine, desktop } = proceduresFor<{ parts: SettingsNeeds }>()

export const engineHandlers = implement(engine, {
  status: engineStatus,
  setEdge: (parts, input) => setEdgeSettings(parts, input.settings, input.read),
  setAgents: setAgentPermissions,
  end: (parts, input) => {
    parts.ended(input.restart ? 'restarted' : 'stopped')
    return { pid: process.pid }
  },
  async *watch(parts, input, signal) {
    const changes = parts.topics.status.subscribe(signal)
    yield engineStatus(parts)
    yield* changes
  },
})

export const agentsHandlers = implement(agents, {
  // Its admission has recorded it.
  readFiles: () => ({}),
})

export const desktopHandlers = implement(desktop, {
  setPreferences: setDesktopPreferences,
})
