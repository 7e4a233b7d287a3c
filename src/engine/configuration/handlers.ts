import { proceduresFor, withParts } from '../core/procedures.ts'
import { applyConfiguration, exportConfiguration, planConfiguration } from './configuration.ts'
import type { DomainNeeds } from '../domains/needs.ts'

const { configuration } = proceduresFor<{ parts: DomainNeeds }>()

export const configurationHandlers = {
  export: configuration.export.handler(({ context }) => ({ text: exportConfiguration(context.parts) })),
  plan: configuration.plan.handler(withParts(planConfiguration)),
  apply: configuration.apply.handler(withParts(applyConfiguration)),
}
