import { setEdgeSettings } from '../settings/edge-settings.ts'
import { engineStatus } from '../settings/status.ts'
import type { Procedures } from './procedures.ts'
import { applyConfiguration, exportConfiguration, planConfiguration } from '../configuration/configuration.ts'
import { setDesktopPreferences } from '../settings/desktop-preferences.ts'

export function engineHandlers(procedures: Procedures['engine']) {
  return {
    status: procedures.status.handler(({ context }) => engineStatus(context.parts)),
    setEdge: procedures.setEdge.handler(({ context, input }) =>
      setEdgeSettings(context.parts, input.settings, input.read),
    ),
    watch: procedures.watch.handler(async function* ({ context: { parts }, signal }) {
      const changes = parts.topics.status.subscribe(signal)
      yield engineStatus(parts)
      yield* changes
    }),
  }
}

export function configurationHandlers(procedures: Procedures['configuration']) {
  return {
    export: procedures.export.handler(({ context }) => ({ text: exportConfiguration(context.parts) })),
    plan: procedures.plan.handler(({ context, input }) => planConfiguration(context.parts, input.text)),
    apply: procedures.apply.handler(({ context, input }) => applyConfiguration(context.parts, input)),
  }
}

export function desktopHandlers(procedures: Procedures['desktop']) {
  return {
    setPreferences: procedures.setPreferences.handler(({ context, input }) =>
      setDesktopPreferences(context.parts, input),
    ),
  }
}
