import { addAccount, endAccount, listAccounts, readDirectory, rolloverAccount } from './accounts.ts'
import { addDnsMethod, listDnsMethods, removeDnsMethod, setDnsWait } from './dns-methods.ts'
import { persistentRecords } from './persistent-record.ts'
import { revokeOrdered } from './revoke.ts'
import { proceduresFor } from '../../core/procedures.ts'
import type { AcmeClientNeeds } from './needs.ts'

const { acme } = proceduresFor<{ parts: AcmeClientNeeds }>()

export const acmeHandlers = {
  directory: acme.directory.handler(({ context, input }) => readDirectory(context.parts, input)),
  accounts: acme.accounts.handler(({ context }) => listAccounts(context.parts)),
  addAccount: acme.addAccount.handler(({ context, input }) => addAccount(context.parts, input)),
  rolloverAccount: acme.rolloverAccount.handler(({ context, input }) =>
    rolloverAccount(context.parts, input.reference),
  ),
  endAccount: acme.endAccount.handler(({ context, input }) => endAccount(context.parts, input)),
  dnsMethods: acme.dnsMethods.handler(({ context }) => listDnsMethods(context.parts)),
  addDnsMethod: acme.addDnsMethod.handler(({ context, input }) => addDnsMethod(context.parts, input)),
  setDnsWait: acme.setDnsWait.handler(({ context, input }) => setDnsWait(context.parts, input)),
  removeDnsMethod: acme.removeDnsMethod.handler(({ context, input }) =>
    removeDnsMethod(context.parts, input.reference),
  ),
  persistentRecords: acme.persistentRecords.handler(({ context, input }) =>
    persistentRecords(context.parts, input),
  ),
  revoke: acme.revoke.handler(({ context, input }) => revokeOrdered(context.parts, input)),
}
