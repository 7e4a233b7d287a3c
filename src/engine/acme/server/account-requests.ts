import type { AcmeServerAccount } from '../../vault/vault.ts'
import { changeAccount, changeKey, newAccount } from './accounts.ts'
import type { Orders } from './orders.ts'
import { AcmeProblem } from './problem.ts'
import type { AcmeAnswer, AcmeParts, Posted } from './request.ts'

/** `new-account` (RFC 8555, section 7.3). */
export function answerNewAccount(parts: AcmeParts, orders: Orders, { signed, request }: Posted): AcmeAnswer {
  const { vault, clock, settings, behaviour } = parts
  if (signed.account) throw new AcmeProblem('malformed', 'A new account is asked for with "jwk".')
  const { requireBinding } = settings()
  const { account, isNew } = newAccount(
    {
      vault,
      clock,
      requireBinding,
      admitAccount: () => behaviour().admitAccount(),
      removed: (id) => orders.forgetAccount(id),
    },
    signed,
    request.userAgent,
  )
  return accountAnswer(account, request.base, isNew ? 201 : 200)
}

/** `account/ID` and `account/ID/orders` (RFC 8555, sections 7.1.2.1, 7.3.2 and 7.3.6). */
export function answerAccount(
  { vault, orders }: Pick<AcmeParts, 'vault'> & { orders: Orders },
  { signed, request, id, more }: Posted,
  account: AcmeServerAccount,
): AcmeAnswer {
  if (id !== account.id) throw new AcmeProblem('unauthorized', 'This is the account of somebody else.')
  if (more === 'orders') {
    const addresses = orders.ofAccount(account.id).map((order) => `${request.base}/order/${order.id}`)
    return { status: 200, body: { orders: addresses } }
  }
  const changed = signed.payload ? changeAccount(vault, account, signed.payload) : account
  if (changed.status !== 'valid') orders.forgetAccount(account.id)
  return accountAnswer(changed, request.base)
}

/** `key-change` (RFC 8555, section 7.3.5). */
export function answerKeyChange({ vault }: AcmeParts, { signed, request }: Posted): AcmeAnswer {
  const addressOf = ({ id }: AcmeServerAccount) => [`${request.base}/account/${id}`]
  return accountAnswer(changeKey(vault, signed, { addressOf }), request.base)
}

function accountAnswer(account: AcmeServerAccount, base: string, status = 200): AcmeAnswer {
  const address = `${base}/account/${account.id}`
  const { status: state, contacts: contact } = account
  return {
    status,
    body: { status: state, contact, orders: `${address}/orders` },
    headers: { location: address },
  }
}
