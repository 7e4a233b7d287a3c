import { addAccount, endAccount, listAccounts, readDirectory, rolloverAccount } from './accounts.ts'
import { addDnsMethod, listDnsMethods, removeDnsMethod, setDnsWait } from './dns-methods.ts'
import { persistentRecords } from './persistent-record.ts'
import { revokeOrdered } from './revoke.ts'
import type { Procedures } from '../../core/procedures.ts'

export function acmeHandlers(procedures: Procedures['acme']) {
  return {
    directory: procedures.directory.handler(({ context, input }) => readDirectory(context.parts, input)),
    accounts: procedures.accounts.handler(({ context }) => listAccounts(context.parts)),
    addAccount: procedures.addAccount.handler(({ context, input }) => addAccount(context.parts, input)),
    rolloverAccount: procedures.rolloverAccount.handler(({ context, input }) =>
      rolloverAccount(context.parts, input.reference),
    ),
    endAccount: procedures.endAccount.handler(({ context, input }) => endAccount(context.parts, input)),
    dnsMethods: procedures.dnsMethods.handler(({ context }) => listDnsMethods(context.parts)),
    addDnsMethod: procedures.addDnsMethod.handler(({ context, input }) => addDnsMethod(context.parts, input)),
    setDnsWait: procedures.setDnsWait.handler(({ context, input }) => setDnsWait(context.parts, input)),
    removeDnsMethod: procedures.removeDnsMethod.handler(({ context, input }) =>
      removeDnsMethod(context.parts, input.reference),
    ),
    persistentRecords: procedures.persistentRecords.handler(({ context, input }) =>
      persistentRecords(context.parts, input),
    ),
    revoke: procedures.revoke.handler(({ context, input }) => revokeOrdered(context.parts, input)),
  }
}
