import type { Procedures } from '../core/procedures.ts'
import { applyConfiguration, exportConfiguration, planConfiguration } from './configuration.ts'

export function configurationHandlers(procedures: Procedures['configuration']) {
  return {
    export: procedures.export.handler(({ context }) => ({ text: exportConfiguration(context.parts) })),
    plan: procedures.plan.handler(({ context, input }) => planConfiguration(context.parts, input.text)),
    apply: procedures.apply.handler(({ context, input }) => applyConfiguration(context.parts, input)),
  }
}
