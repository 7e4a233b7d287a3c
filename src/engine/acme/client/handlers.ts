import { addAccount, endAccount, listAccounts, readDirectory, rolloverAccount } from './accounts.ts'
import { addDnsMethod, listDnsMethods, removeDnsMethod, setDnsWait } from './dns-methods.ts'
import { persistentRecords } from './persistent-record.ts'
import { revokeOrdered } from './revoke.ts'
import { implement, proceduresFor } from '../../core/procedures.ts'
import type { AcmeClientNeeds } from './needs.ts'

const { acme } = proceduresFor<{ parts: AcmeClientNeeds }>()

export const acmeHandlers = implement(acme, {
  directory: readDirectory,
  accounts: listAccounts,
  addAccount,
  rolloverAccount: (parts, input) => rolloverAccount(parts, input.reference),
  endAccount,
  dnsMethods: listDnsMethods,
  addDnsMethod,
  setDnsWait,
  removeDnsMethod: (parts, input) => removeDnsMethod(parts, input.reference),
  persistentRecords,
  revoke: revokeOrdered,
})
