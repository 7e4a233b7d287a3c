import { randomBytes } from 'node:crypto'
import type { AcmeServerAccount, Vault } from '../../vault/vault.ts'
import { keyOfJwk, thumbprint } from '../jose/jwk.ts'
import { readJws, verifyJws, verifyMac } from '../jose/jws.ts'
import { AcmeProblem } from './problem.ts'
import { parsedJson, payloadOf, type Payload, type SignedRequest, translating } from './signed-request.ts'

const mostAccounts = 1000
/** Former keys of an account, all of them remembered (draft-ietf-acme-dns-persist-02, section 4.2). */
const mostKeys = 200
const mostContacts = 10
const longestContact = 254
const longestUserAgent = 200

export interface AccountParts {
  vault: Vault
  clock: () => Date
  requireBinding: boolean
  admitAccount: () => void
  /** Called for an account that was evicted by a new one. */
  removed: (id: string) => void
}

/** Finds the account of a key or creates it (RFC 8555, section 7.3). */
export function newAccount(
  parts: AccountParts,
  { jwk, thumbprint: print, payload = new Map<string, unknown>(), url }: SignedRequest,
  userAgent: string,
): { account: AcmeServerAccount; isNew: boolean } {
  const { vault, clock, removed } = parts
  const known = vault.acmeServer.findByThumbprint(print)
  if (known?.status === 'valid') return { account: known, isNew: false }
  if (known) throw new AcmeProblem('unauthorized', `The account is ${known.status}.`)
  if (payload.get('onlyReturnExisting') === true)
    throw new AcmeProblem('accountDoesNotExist', 'No account has this key.')
  const contacts = readContacts(payload.get('contact'))
  const binding = bindingOf(parts, payload.get('externalAccountBinding'), { url, print })
  parts.admitAccount()
  const left = vault.acmeServer.count() < mostAccounts ? undefined : leavingAccount(parts)
  const now = clock().toISOString()
  const account: AcmeServerAccount = {
    id: randomBytes(12).toString('base64url'),
    thumbprint: print,
    jwk,
    contacts,
    status: 'valid',
    binding,
    userAgent: userAgent.slice(0, longestUserAgent),
    createdAt: now,
    seenAt: now,
  }
  if (!vault.acmeServer.add(account))
    throw new AcmeProblem(
      'unauthorized',
      'Another account key has used this external account binding. Ask for a new one with "edgekeep acme binding".',
    )
  if (left) {
    vault.acmeServer.remove(left.id)
    removed(left.id)
  }
  return { account, isNew: true }
}

/** The account to evict, so that a client which only creates accounts locks out no other. */
function leavingAccount({ vault, clock }: AccountParts): AcmeServerAccount {
  const found = vault.acmeServer.leastUsed(clock())
  if (found) return found
  throw new AcmeProblem(
    'rateLimited',
    `There are ${mostAccounts} accounts, each with a valid certificate. "edgekeep acme accounts --remove" removes one.`,
    { retryAfter: 3600 },
  )
}

/** @throws `externalAccountRequired` for an account that was created before bindings were required */
export function requireBound(
  { binding }: AcmeServerAccount,
  { requireBinding }: { requireBinding: boolean },
): void {
  if (!requireBinding || binding !== null) return
  throw new AcmeProblem(
    'externalAccountRequired',
    'This account has no external account binding, and only bound accounts get certificates. Create a new account with one ("edgekeep acme binding").',
  )
}

/** RFC 8555, sections 7.3.2 and 7.3.6. */
export function changeAccount(vault: Vault, account: AcmeServerAccount, payload: Payload): AcmeServerAccount {
  const status = payload.get('status')
  if (status !== undefined && status !== 'deactivated' && status !== account.status)
    throw new AcmeProblem('malformed', 'An account can only be deactivated.')
  const contacts = payload.has('contact') ? readContacts(payload.get('contact')) : account.contacts
  const changed = {
    ...account,
    contacts,
    status: status === 'deactivated' ? 'deactivated' : account.status,
  } as const
  vault.acmeServer.update(account.id, { contacts: changed.contacts, status: changed.status })
  return changed
}

/** RFC 8555, section 7.3.5: the new key signs an inner JWS with the account and its old key. */
export function changeKey(
  vault: Vault,
  { account, payload, url, thumbprint: oldPrint }: SignedRequest,
  { addressOf }: { addressOf: (account: AcmeServerAccount) => string[] },
): AcmeServerAccount {
  if (!account) throw new AcmeProblem('malformed', 'A change of keys is asked for by an account.')
  return translating(() => {
    const inner = readJws(jwsIn(payload))
    const { header } = inner
    if (header['url'] !== url || 'nonce' in header || 'kid' in header)
      throw new AcmeProblem('malformed', 'The request inside has the same "url", a "jwk" and no nonce.')
    const { key, jwk } = keyOfJwk(header['jwk'])
    verifyJws(inner, key)
    const claims = payloadOf(inner) ?? new Map<string, unknown>()
    if (!addressOf(account).includes(String(claims.get('account'))))
      throw new AcmeProblem('malformed', 'The request inside names another account.')
    if (thumbprint(keyOfJwk(claims.get('oldKey')).jwk) !== oldPrint)
      throw new AcmeProblem('malformed', 'The request inside names another key as the old one.')
    const print = thumbprint(jwk)
    const holder = vault.acmeServer.findByThumbprint(print)
    if (holder)
      throw new AcmeProblem('malformed', 'Another account has the new key.', {
        status: 409,
        headers: { location: addressOf(holder)[0] ?? '' },
      })
    if (vault.acmeServer.thumbprints(account.id).length >= mostKeys)
      throw new AcmeProblem('rateLimited', `An account has ${mostKeys} keys at the most, one after another.`)
    vault.acmeServer.changeKey(account.id, { jwk, thumbprint: print })
    return { ...account, jwk, thumbprint: print }
  })
}

/** The inner JWS, which has exactly three members. */
function jwsIn(payload: Payload | undefined): object {
  if (payload?.size !== 3) throw new AcmeProblem('malformed', 'The payload is not a JWS.')
  const [head, inner, signature] = ['protected', 'payload', 'signature'].map((member) => payload.get(member))
  return { protected: head, payload: inner, signature }
}

function readContacts(value: unknown): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length > mostContacts)
    throw new AcmeProblem('malformed', `An account has a list of ${mostContacts} contacts at the most.`)
  return value.map((contact) => {
    if (typeof contact !== 'string' || contact.length > longestContact)
      throw new AcmeProblem('invalidContact', 'A contact is an address of text.')
    if (!contact.startsWith('mailto:'))
      throw new AcmeProblem('unsupportedContact', 'Contacts are "mailto:" addresses.')
    if (!/^mailto:[^\s?,@]+@[^\s?,@]+$/.test(contact))
      throw new AcmeProblem('invalidContact', 'A contact is one e-mail address, without headers.')
    return contact
  })
}

/** The identifier of the MAC key (RFC 8555, section 7.3.4); null without a binding. */
function bindingOf(
  { vault, requireBinding }: AccountParts,
  value: unknown,
  { url, print }: { url: string; print: string },
): string | null {
  if (value === undefined) {
    if (!requireBinding) return null
    throw new AcmeProblem(
      'externalAccountRequired',
      'An external account binding is needed: ask for one with "edgekeep acme binding".',
    )
  }
  return translating(() => {
    const jws = readJws(value)
    const { kid, url: signedUrl } = jws.header
    if (signedUrl !== url || typeof kid !== 'string' || 'nonce' in jws.header)
      throw new AcmeProblem(
        'malformed',
        'The external account binding has "kid" and the same "url", and no nonce.',
      )
    if (thumbprint(keyOfJwk(parsedJson(jws.payload)).jwk) !== print)
      throw new AcmeProblem('malformed', 'The external account binding is for another key.')
    const verified = vault.acmeServer.withMacKey(kid, (macKey) => {
      verifyMac(jws, macKey)
      return true
    })
    if (!verified) throw new AcmeProblem('unauthorized', 'There is no external account of this identifier.')
    return kid
  })
}
