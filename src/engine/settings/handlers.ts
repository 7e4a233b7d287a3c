import { proceduresFor, withParts } from '../core/procedures.ts'
import { setAgentPermissions } from './agent-permissions.ts'
import { setDesktopPreferences } from './desktop-preferences.ts'
import { setEdgeSettings } from './edge-settings.ts'
import { engineStatus } from './status.ts'
import type { SettingsNeeds } from './needs.ts'

const { agents, engine, desktop } = proceduresFor<{ parts: SettingsNeeds }>()

export const engineHandlers = {
  status: engine.status.handler(withParts(engineStatus)),
  setEdge: engine.setEdge.handler(({ context, input }) =>
    setEdgeSettings(context.parts, input.settings, input.read),
  ),
  setAgents: engine.setAgents.handler(withParts(setAgentPermissions)),
  end: engine.end.handler(({ context: { parts }, input }) => {
    parts.ended(input.restart ? 'restarted' : 'stopped')
    return { pid: process.pid }
  }),
  watch: engine.watch.handler(async function* ({ context: { parts }, signal }) {
    const changes = parts.topics.status.subscribe(signal)
    yield engineStatus(parts)
    yield* changes
  }),
}

export const agentsHandlers = {
  // Its admission has recorded it.
  readFiles: agents.readFiles.handler(() => ({})),
}

export const desktopHandlers = {
  setPreferences: desktop.setPreferences.handler(withParts(setDesktopPreferences)),
}
