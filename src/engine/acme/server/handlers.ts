import {
  acmeAccounts,
  addBinding,
  endAccount,
  removeAccount,
  removeBinding,
  setAcmeServer,
} from './acme-server.ts'
import type { Procedures } from '../../core/procedures.ts'

export function acmeServerHandlers(procedures: Procedures['acmeServer']) {
  return {
    state: procedures.state.handler(({ context }) => context.parts.acmeServer.state()),
    set: procedures.set.handler(({ context, input }) => setAcmeServer(context.parts, input)),
    accounts: procedures.accounts.handler(({ context, input }) => acmeAccounts(context.parts, input)),
    endAccount: procedures.endAccount.handler(({ context, input }) => endAccount(context.parts, input.id)),
    removeAccount: procedures.removeAccount.handler(async ({ context, input }) => {
      await removeAccount(context.parts, input.id)
      return {}
    }),
    bindings: procedures.bindings.handler(({ context }) => context.parts.vault.acmeServer.bindings()),
    addBinding: procedures.addBinding.handler(({ context, input }) => addBinding(context.parts, input.label)),
    rehearse: procedures.rehearse.handler(({ context, input }) => context.parts.acmeServer.rehearse(input)),
    rehearsal: procedures.rehearsal.handler(({ context }) => context.parts.acmeServer.rehearsal()),
    watchRehearsal: procedures.watchRehearsal.handler(async function* ({ context, signal }) {
      for await (const rehearsal of context.parts.acmeServer.watchRehearsal(signal)) yield { rehearsal }
    }),
    stopRehearsal: procedures.stopRehearsal.handler(({ context }) =>
      context.parts.acmeServer.stopRehearsal(),
    ),
    removeBinding: procedures.removeBinding.handler(async ({ context, input }) => {
      await removeBinding(context.parts, input.id)
      return {}
    }),
  }
}
