import { createHash } from 'node:crypto'

/** TXT record of dns-persist-01 (draft-ietf-acme-dns-persist-02), for client and server. */
export interface PersistentRecord {
  name: string
  value: string
}

export interface RecordWanted {
  /** Lower-case A-labels, without `*.`. */
  domain: string
  wildcard: boolean
  issuer: string
  accountUri: string
}

/** Issuer name of Edgekeep's own server; nobody can register it. */
export const issuerDomainNames = ['edgekeep.internal']

/** Prefix at Edgekeep's own server (section 4.1, item 3). */
export function accountHashPrefix(base: string): string {
  return `${base}/account-hash/`
}

const label = '_validation-persist'

/** Record for the user to set, once (section 4.1). */
export function persistentRecord({ domain, wildcard, issuer, accountUri }: RecordWanted): PersistentRecord {
  const policy = wildcard ? '; policy=wildcard' : ''
  return { name: `${label}.${domain}`, value: `${issuer}; accounturi=${accountUri}${policy}` }
}

/**
 * Hashed account URI (section 4.1, item 3). `domain`: the record's domain, or `*` for a record valid for any.
 * `thumbprint`: that of the account key, in base64url (RFC 7638).
 */
export function hashedAccountUri(
  prefix: string,
  { domain, thumbprint, accountUrl }: { domain: string; thumbprint: string; accountUrl: string },
): string {
  const hash = createHash('sha256')
  hash.update(Buffer.of(domain.length)).update(domain, 'ascii')
  hash.update(thumbprint, 'ascii').update(accountUrl, 'ascii')
  return `${prefix}sha-256/${hash.digest('base64url')}`
}

export interface ReadRecord {
  issuer: string
  /** First value of each tag, tags in lower case. */
  parameters: Map<string, string>
}

const issuerName = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Parses `issuer; tag=value; …` (RFC 8659, section 4.2); undefined if malformed. */
export function readRecord(text: string): ReadRecord | undefined {
  if (text.length > 4096) return undefined
  const [first = '', ...rest] = text.split(';')
  const issuer = first.trim().toLowerCase().replace(/\.$/, '')
  if (!issuerName.test(issuer)) return undefined
  const parameters = new Map<string, string>()
  for (const part of rest) {
    const at = part.indexOf('=')
    if (at < 0) continue
    const tag = part.slice(0, at).trim().toLowerCase()
    if (!parameters.has(tag)) parameters.set(tag, part.slice(at + 1).trim())
  }
  return { issuer, parameters }
}

/**
 * Whether a record authorizes an account: it names one of the issuers and one of the account's URIs, allows
 * wildcards if needed, and has not expired.
 */
export function isRecordFor(
  record: ReadRecord,
  wanted: { issuers: readonly string[]; accountUris: readonly string[]; wildcard: boolean; now: Date },
): boolean {
  const { issuer, parameters } = record
  if (!wanted.issuers.includes(issuer)) return false
  if (!wanted.accountUris.includes(parameters.get('accounturi') ?? '')) return false
  if (wanted.wildcard && parameters.get('policy')?.toLowerCase() !== 'wildcard') return false
  const until = persistUntil(record)
  return until === null || (until !== undefined && until > wanted.now)
}

/** Null without an expiry; undefined if it is not a number, which makes the record malformed. */
export function persistUntil({ parameters }: ReadRecord): Date | null | undefined {
  const text = parameters.get('persistuntil')
  if (text === undefined) return null
  return /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : undefined
}
