import {
  applyConfiguration,
  exportConfiguration,
  planConfiguration,
} from '../services/configuration/configuration.ts'
import type { Procedures } from './procedures.ts'

export function configurationHandlers(procedures: Procedures['configuration']) {
  return {
    export: procedures.export.handler(({ context }) => ({ text: exportConfiguration(context.parts) })),
    plan: procedures.plan.handler(({ context, input }) => planConfiguration(context.parts, input.text)),
    apply: procedures.apply.handler(({ context, input }) => applyConfiguration(context.parts, input)),
  }
}
