import {
  hashedAccountUri,
  persistentRecord,
  type PersistentRecord,
  type RecordWanted,
} from './persistent-record-text.ts'
import type { Challenge, Directory } from './answers.ts'
import { unusable } from './requests.ts'

/** Record of a dns-persist-01 challenge, with everything else that would satisfy it. */
export interface PersistentTask extends RecordWanted {
  record: PersistentRecord
  issuers: string[]
  /** URIs for the account's present key, then for former keys. */
  accountUris: string[]
}

export interface PersistentAccount {
  accountUrl: string
  /** Thumbprints (RFC 7638) of the present key, then of former keys, latest first. */
  thumbprints: readonly string[]
}

/**
 * URL that is a single parameter value (RFC 8659, section 4.2) and needs no escape in a zone file. The user
 * publishes the record, so the authority must not be able to inject a parameter.
 */
const parameterValue = /^https:\/\/[\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]+$/

interface Asking {
  host: string
  directory: Directory
}

/**
 * Record by draft-ietf-acme-dns-persist-02, sections 3 and 4.1. Before that draft it held the account URL
 * itself.
 * @throws `acme.answer_unusable` if the challenge does not match the directory (section 3.2)
 */
export function recordOfChallenge(
  asking: Asking,
  { issuerDomainNames, 'issuer-domain-names': formerNames }: Challenge,
  wanted: { domain: string; wildcard: boolean },
  account: PersistentAccount,
): PersistentTask {
  const { host, directory } = asking
  const issuers = issuerDomainNames ?? formerNames
  if (issuers === undefined) throw unusable(host, 'a challenge of dns-persist-01 names no issuer')
  const announced = directory.meta.issuerDomainNames ?? []
  if (issuerDomainNames && announced.some((name) => !issuers.includes(name)))
    throw unusable(host, 'a challenge of dns-persist-01 leaves out an issuer that the directory names')
  const identities = directory.meta.caaIdentities.map((name) => name.toLowerCase().replace(/\.$/, ''))
  if (issuerDomainNames && identities.length > 0 && issuers.some((name) => !identities.includes(name)))
    throw unusable(host, 'a challenge of dns-persist-01 names an issuer that is none of its CAA identities')
  return taskBy(asking, { ...wanted, issuers: [...new Set([...announced, ...issuers])] }, account)
}

/** Record that can be set before an order; null if the directory has no issuer names. */
export function recordAhead(
  asking: Asking,
  wanted: { domain: string; wildcard: boolean },
  account: PersistentAccount,
): PersistentTask | null {
  const issuers = asking.directory.meta.issuerDomainNames
  return issuers ? taskBy(asking, { ...wanted, issuers }, account) : null
}

function taskBy(
  { host, directory }: Asking,
  { domain, wildcard, issuers }: { domain: string; wildcard: boolean; issuers: string[] },
  { accountUrl, thumbprints }: PersistentAccount,
): PersistentTask {
  const prefix = directory.meta.accountHashPrefix
  const accountUris =
    prefix === undefined
      ? [accountUrl]
      : thumbprints.flatMap((thumbprint) =>
          [domain, '*'].map((each) => hashedAccountUri(prefix, { domain: each, thumbprint, accountUrl })),
        )
  const [issuer = ''] = issuers
  const [accountUri = accountUrl] = accountUris
  if (!parameterValue.test(accountUri))
    throw unusable(host, 'it identifies accounts by something that is not an address')
  const wanted = { domain, wildcard, issuer, accountUri }
  return { ...wanted, issuers, accountUris, record: persistentRecord(wanted) }
}
