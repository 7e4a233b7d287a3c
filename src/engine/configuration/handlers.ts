import { implement, proceduresFor } from '../core/procedures.ts'
import { applyConfiguration, exportConfiguration, planConfiguration } from './configuration.ts'
import type { DomainNeeds } from '../domains/needs.ts'

const { configuration } = proceduresFor<{ parts: DomainNeeds }>()

export const configurationHandlers = implement(configuration, {
  export: (parts) => ({ text: exportConfiguration(parts) }),
  plan: planConfiguration,
  apply: applyConfiguration,
})
