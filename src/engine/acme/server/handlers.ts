import {
  acmeAccounts,
  addBinding,
  endAccount,
  removeAccount,
  removeBinding,
  setAcmeServer,
} from './acme-server.ts'
import { proceduresFor, withParts } from '../../core/procedures.ts'
import type { AcmeServerNeeds } from './needs.ts'

const { acmeServer } = proceduresFor<{ parts: AcmeServerNeeds }>()

export const acmeServerHandlers = {
  state: acmeServer.state.handler(({ context }) => context.parts.acmeServer.state()),
  set: acmeServer.set.handler(withParts(setAcmeServer)),
  accounts: acmeServer.accounts.handler(withParts(acmeAccounts)),
  endAccount: acmeServer.endAccount.handler(({ context, input }) => endAccount(context.parts, input.id)),
  removeAccount: acmeServer.removeAccount.handler(async ({ context, input }) => {
    await removeAccount(context.parts, input.id)
    return {}
  }),
  bindings: acmeServer.bindings.handler(({ context }) => context.parts.vault.acmeServer.bindings()),
  addBinding: acmeServer.addBinding.handler(({ context, input }) => addBinding(context.parts, input.label)),
  rehearse: acmeServer.rehearse.handler(({ context, input }) => context.parts.acmeServer.rehearse(input)),
  rehearsal: acmeServer.rehearsal.handler(({ context }) => context.parts.acmeServer.rehearsal()),
  watchRehearsal: acmeServer.watchRehearsal.handler(async function* ({ context, signal }) {
    for await (const rehearsal of context.parts.acmeServer.watchRehearsal(signal)) yield { rehearsal }
  }),
  stopRehearsal: acmeServer.stopRehearsal.handler(({ context }) => context.parts.acmeServer.stopRehearsal()),
  removeBinding: acmeServer.removeBinding.handler(async ({ context, input }) => {
    await removeBinding(context.parts, input.id)
    return {}
  }),
}
