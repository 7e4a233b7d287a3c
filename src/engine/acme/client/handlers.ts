import { addAccount, endAccount, listAccounts, readDirectory, rolloverAccount } from './accounts.ts'
import { addDnsMethod, listDnsMethods, removeDnsMethod, setDnsWait } from './dns-methods.ts'
import { persistentRecords } from './persistent-record.ts'
import { revokeOrdered } from './revoke.ts'
import { proceduresFor, withParts } from '../../core/procedures.ts'
import type { AcmeClientNeeds } from './needs.ts'

const { acme } = proceduresFor<{ parts: AcmeClientNeeds }>()

export const acmeHandlers = {
  directory: acme.directory.handler(withParts(readDirectory)),
  accounts: acme.accounts.handler(withParts(listAccounts)),
  addAccount: acme.addAccount.handler(withParts(addAccount)),
  rolloverAccount: acme.rolloverAccount.handler(({ context, input }) =>
    rolloverAccount(context.parts, input.reference),
  ),
  endAccount: acme.endAccount.handler(withParts(endAccount)),
  dnsMethods: acme.dnsMethods.handler(withParts(listDnsMethods)),
  addDnsMethod: acme.addDnsMethod.handler(withParts(addDnsMethod)),
  setDnsWait: acme.setDnsWait.handler(withParts(setDnsWait)),
  removeDnsMethod: acme.removeDnsMethod.handler(({ context, input }) =>
    removeDnsMethod(context.parts, input.reference),
  ),
  persistentRecords: acme.persistentRecords.handler(withParts(persistentRecords)),
  revoke: acme.revoke.handler(withParts(revokeOrdered)),
}
