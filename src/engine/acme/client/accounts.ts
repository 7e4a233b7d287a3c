import { createHash, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { promisify } from 'node:util'
import type { z } from 'zod'
import { acmeDirectories } from '../../../domain/acme-directories.ts'
import type { AcmeAccount, AcmeDirectory, newAcmeAccountSchema } from '../../../contract/acme/acme.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { changeAccountKey, deactivateAccount, readMacKey, registerAccount } from './account.ts'
import { usableUrl, type DirectoryPlace } from './requests.ts'
import { openSession, type AcmeSigner } from './session.ts'
import { publicJwk, thumbprint } from '../jose/jwk.ts'
import { signJws } from '../jose/jws.ts'
import { chainFromPem } from '../../../pki/facts/certificate.ts'
import { pkcs8Pem } from '../../../pki/issue/authority-certificates.ts'
import { addressScope } from '../../network-guard/address-scope.ts'
import type { AcmeAccountRow } from '../../vault/vault.ts'
import { commit } from '../../core/commit.ts'
import { gcAtEnd, scheduleGc } from '../../core/schedule-gc.ts'
import type { AcmeClientNeeds } from './needs.ts'
import { openAccountSession } from './sessions.ts'

const newKeyPair = promisify(generateKeyPair)

export function listAccounts({ vault }: AcmeClientNeeds): AcmeAccount[] {
  const renewals = vault.renewals.list()
  return vault.acmeAccounts
    .list()
    .map((row) => accountView(row, renewals.filter((each) => each.accountId === row.id).length))
}

function accountView(row: AcmeAccountRow, certificates: number): AcmeAccount {
  const { id, name, directoryUrl, contact, accountUrl, createdAt } = row
  return { id, name, directoryUrl, contact, accountUrl, createdAt, certificates }
}

/** @throws `acme.url_refused`, `acme.unreachable`, `acme.answer_unusable` */
export async function readDirectory(
  parts: AcmeClientNeeds,
  wanted: { directory: string; rootsPem?: string },
): Promise<AcmeDirectory> {
  const { signer } = await newSigner()
  const place = await placeOf(wanted)
  using session = await openSession({ place, signer, accountUrl: null, clock: parts.clock })
  const { meta, renewalInfo } = session.directory
  return {
    host: session.host,
    termsOfService: meta.termsOfService ?? null,
    needsBinding: meta.externalAccountRequired,
    profiles: meta.profiles.map(([name, description]) => ({ name, description })),
    renewalInfo: renewalInfo !== undefined,
  }
}

/**
 * Creates a key in the vault and registers it.
 * @throws the errors of the directory, `acme.terms_not_agreed`, `acme.binding_required`,
 *   `acme.binding_malformed`, `acme.account_name_taken` and `vault.locked`
 */
export async function addAccount(
  parts: AcmeClientNeeds,
  wanted: z.output<typeof newAcmeAccountSchema>,
): Promise<AcmeAccount> {
  const { vault, clock } = parts
  vault.requireUnlocked()
  if (vault.acmeAccounts.list().some(({ name }) => name === wanted.name))
    throw new EdgekeepError('acme.account_name_taken', { name: wanted.name })
  using _gc = gcAtEnd()
  using macKey = wanted.binding && readMacKey(wanted.binding.macKey)
  const binding = wanted.binding && macKey ? { keyId: wanted.binding.keyId, macKey: macKey.bytes } : null
  const { signer, privateKey, spkiSha256 } = await newSigner()
  const place = await placeOf(wanted)
  const contact = wanted.email === undefined ? [] : [`mailto:${wanted.email}`]
  using session = await openSession({ place, signer, accountUrl: null, clock })
  const request = { contact, agreed: wanted.agreed, binding }
  const accountUrl = await registerAccount(session, signer, request)
  const row = {
    id: randomUUID(),
    name: wanted.name,
    directoryUrl: place.url,
    rootsPem: place.rootsPem,
    mayBePrivate: place.mayBePrivate,
    contact,
    accountUrl,
    spkiSha256,
  }
  await commit(parts, () => {
    using keyPem = pkcs8Pem(privateKey)
    vault.acmeAccounts.insert(row, keyPem.bytes)
    return {
      record: { action: 'acme.account_add', subject: row.name, before: null, after: accountFact(row) },
    }
  })
  return accountView(vault.acmeAccounts.find(row.id), 0)
}

/** Key rollover. The vault deletes the old key only after the authority has accepted the new one. */
export async function rolloverAccount(parts: AcmeClientNeeds, reference: string): Promise<AcmeAccount> {
  const { vault } = parts
  vault.requireUnlocked()
  const account = vault.acmeAccounts.find(reference)
  const { signer: next, privateKey, spkiSha256 } = await newSigner()
  using session = await openAccountSession(parts, account)
  const { signer: old } = session
  await changeAccountKey(session, account.accountUrl, { old, next })
  const formerThumbprint = thumbprint(old.jwk)
  await commit(parts, () => {
    using keyPem = pkcs8Pem(privateKey)
    vault.acmeAccounts.setKey(account.id, { spkiSha256, keyPem: keyPem.bytes, formerThumbprint })
    const after = accountFact({ ...account, spkiSha256 })
    return {
      record: { action: 'acme.account_rollover', subject: account.name, before: accountFact(account), after },
    }
  })
  scheduleGc()
  return accountView(vault.acmeAccounts.find(account.id), 0)
}

/**
 * Deactivates the account at the authority and erases its key.
 * @throws `acme.account_in_use`
 */
export async function endAccount(
  parts: AcmeClientNeeds,
  { reference, force }: { reference: string; force: boolean },
): Promise<{ name: string }> {
  const { vault } = parts
  vault.requireUnlocked()
  const account = vault.acmeAccounts.find(reference)
  const renewals = vault.renewals.list().filter(({ accountId }) => accountId === account.id)
  if (renewals.length > 0 && !force) {
    const certificates = renewals.flatMap(
      ({ certificateId }) => vault.certificates.get(certificateId)?.name ?? [],
    )
    throw new EdgekeepError('acme.account_in_use', { name: account.name, certificates })
  }
  using session = await openAccountSession(parts, account)
  await deactivateAccount(session, account.accountUrl)
  await commit(parts, () => {
    vault.acmeAccounts.remove(account.id)
    return {
      record: {
        action: 'acme.account_end',
        subject: account.name,
        before: accountFact(account),
        after: null,
      },
    }
  })
  return { name: account.name }
}

function accountFact({ directoryUrl, accountUrl, spkiSha256 }: Omit<AcmeAccountRow, 'createdAt'>) {
  return { directory: directoryUrl, account: accountUrl, key: spkiSha256 }
}

async function newSigner(): Promise<{ signer: AcmeSigner; privateKey: KeyObject; spkiSha256: string }> {
  const { publicKey, privateKey } = await newKeyPair('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return {
    privateKey,
    spkiSha256: createHash('sha256').update(spki).digest('hex'),
    signer: { jwk: publicJwk(publicKey), sign: (header, payload) => signJws(header, payload, privateKey) },
  }
}

/**
 * Location of a directory. Private addresses are allowed later only if the user typed the URL and it resolves
 * to this computer or its network now: a name that resolves there afterwards gains nothing.
 */
async function placeOf({
  directory,
  rootsPem,
}: {
  directory: string
  rootsPem?: string
}): Promise<DirectoryPlace> {
  const known = acmeDirectories.find(({ id }) => id === directory)
  const url = usableUrl(known?.url ?? directory)
  if (rootsPem !== undefined) chainFromPem(rootsPem)
  const isOurs = known === undefined || url.hostname === 'localhost'
  const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true }).catch(() => [])
  const mayBePrivate =
    isOurs && found.length > 0 && found.every(({ address }) => addressScope(address) !== 'public')
  return { url: url.href, rootsPem: rootsPem ?? null, mayBePrivate }
}
