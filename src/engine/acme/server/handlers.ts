import {
  acmeAccounts,
  addBinding,
  endAccount,
  removeAccount,
  removeBinding,
  setAcmeServer,
} from './acme-server.ts'
import { implement, proceduresFor } from '../../core/procedures.ts'
import type { AcmeServerNeeds } from './needs.ts'

const { acmeServer } = proceduresFor<{ parts: AcmeServerNeeds }>()

export const acmeServerHandlers = implement(acmeServer, {
  state: (parts) => parts.acmeServer.state(),
  set: setAcmeServer,
  accounts: acmeAccounts,
  endAccount: (parts, input) => endAccount(parts, input.id),
  removeAccount: (parts, input) => removeAccount(parts, input.id),
  bindings: (parts) => parts.vault.acmeServer.bindings(),
  addBinding: (parts, input) => addBinding(parts, input.label),
  rehearse: (parts, input) => parts.acmeServer.rehearse(input),
  rehearsal: (parts) => parts.acmeServer.rehearsal(),
  async *watchRehearsal(parts, input, signal) {
    for await (const rehearsal of parts.acmeServer.watchRehearsal(signal)) yield { rehearsal }
  },
  stopRehearsal: (parts) => parts.acmeServer.stopRehearsal(),
  removeBinding: (parts, input) => removeBinding(parts, input.id),
})
