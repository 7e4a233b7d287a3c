import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { NoticeSettings } from '../../contract/notices/notices.ts'
import type { DnsSettings } from '../../contract/acme/acme.ts'
import type { Origin, Redirect } from '../../contract/domains/domains.ts'
import type { StoredPolicies } from '../../contract/domains/policies.ts'
import type { RenewalMethod, RenewalState } from '../../contract/issuing/renewal.ts'

/** The tables as queries see them. Constraints stand in the migrations alone. */

export type ProtectorKind = 'os-keychain' | 'passphrase' | 'key-file'

export const vaultTable = sqliteTable('vault', {
  vaultId: text('vault_id').notNull(),
  configurationVersion: integer('configuration_version').notNull(),
})

export const protectionTable = sqliteTable('protection', {
  id: integer('id').primaryKey(),
  protector: text('protector').$type<ProtectorKind>().notNull(),
  weak: integer('weak', { mode: 'boolean' }).notNull(),
  reason: text('reason').notNull(),
  wrappedDataKey: blob('wrapped_data_key', { mode: 'buffer' }).notNull(),
  /** Name of the wrapping key at its protector. */
  keyName: text('key_name').notNull(),
})

export const keysToForgetTable = sqliteTable('keys_to_forget', {
  protector: text('protector').$type<ProtectorKind>().notNull(),
  keyName: text('key_name').notNull(),
})

export const derivationsTable = sqliteTable('derivations', {
  keyName: text('key_name').primaryKey(),
  salt: blob('salt', { mode: 'buffer' }).notNull(),
  log2N: integer('log2_n').notNull(),
  r: integer('r').notNull(),
  p: integer('p').notNull(),
})

export const certificatesTable = sqliteTable('certificates', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  kind: text('kind').$type<'uploaded' | 'free'>().notNull(),
  kept: integer('kept', { mode: 'boolean' }).notNull(),
  title: text('title').notNull(),
  issuer: text('issuer').notNull(),
  dnsNames: text('dns_names', { mode: 'json' }).$type<string[]>().notNull(),
  ipNames: text('ip_names', { mode: 'json' }).$type<string[]>().notNull(),
  notBefore: text('not_before').notNull(),
  notAfter: text('not_after').notNull(),
  fingerprintSha256: text('fingerprint_sha256').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  keyType: text('key_type').notNull(),
  addedAt: text('added_at').notNull(),
  note: text('note').notNull().default(''),
  tags: text('tags', { mode: 'json' }).$type<string[]>().notNull().default([]),
  /** Set for revocations by the local authority or through an ACME account. */
  revokedAt: text('revoked_at'),
  owner: text('owner').notNull().default(''),
})

export const certificateChainsTable = sqliteTable('certificate_chains', {
  certificateId: text('certificate_id').primaryKey(),
  chainPem: text('chain_pem').notNull(),
  rootPem: text('root_pem'),
})

export const sealedKeysTable = sqliteTable('sealed_keys', {
  certificateId: text('certificate_id').primaryKey(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
})

/** One row signs; earlier ones are retired and have no keys. */
export const authorityTable = sqliteTable('authority', {
  id: integer('id').primaryKey(),
  certificatePem: text('certificate_pem').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  sealed: blob('sealed', { mode: 'buffer' }),
  createdAt: text('created_at').notNull(),
  retiredAt: text('retired_at'),
  intermediatePem: text('intermediate_pem'),
  intermediateSpkiSha256: text('intermediate_spki_sha256'),
  sealedIntermediate: blob('sealed_intermediate', { mode: 'buffer' }),
})

export interface StoredCheck {
  at: string
  ok: boolean
  summary: string
  /** Ports of the edge, and ids of the port steps that failed. */
  ports?: { https: number; http: number; faults: string[] }
}

export const domainsTable = sqliteTable('domains', {
  name: text('name').primaryKey(),
  /** Fields that are newer than the row have their defaults. */
  origin: text('origin', { mode: 'json' }).$type<Origin>().notNull(),
  httpsState: text('https_state').$type<'off' | 'on' | 'paused'>().notNull(),
  certificateId: text('certificate_id'),
  previousCertificateId: text('previous_certificate_id'),
  redirect: text('redirect', { mode: 'json' }).$type<Redirect>().notNull(),
  /** Sections not in it have their defaults. */
  policies: text('policies', { mode: 'json' }).$type<Partial<StoredPolicies>>().notNull().default({}),
  lastCheck: text('last_check', { mode: 'json' }).$type<StoredCheck>(),
  createdAt: text('created_at').notNull(),
  updatedAt: text('updated_at').notNull(),
  tags: text('tags', { mode: 'json' }).$type<string[]>().notNull().default([]),
})

export const settingsTable = sqliteTable('settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
})

export const auditTable = sqliteTable('audit', {
  sequence: integer('sequence').primaryKey(),
  at: text('at').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  before: text('before').notNull(),
  after: text('after').notNull(),
  hash: blob('hash', { mode: 'buffer' }).notNull(),
})

export const auditSealTable = sqliteTable('audit_seal', {
  id: integer('id').primaryKey(),
  sealedKey: blob('sealed_key', { mode: 'buffer' }).notNull(),
  head: blob('head', { mode: 'buffer' }).notNull(),
})

export const backupScheduleTable = sqliteTable('backup_schedule', {
  id: integer('id').primaryKey(),
  folder: text('folder').notNull(),
  everyHours: integer('every_hours').notNull(),
  keep: integer('keep').notNull(),
  /** Derivation of the archives' key from the passphrase. */
  header: blob('header', { mode: 'buffer' }).notNull(),
  sealedKey: blob('sealed_key', { mode: 'buffer' }).notNull(),
  lastRun: text('last_run', { mode: 'json' }).$type<{ at: string; ok: boolean; summary: string }>(),
})

export const recoveryKeyTable = sqliteTable('recovery_key', {
  id: integer('id').primaryKey(),
  publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
  setAt: text('set_at').notNull(),
})

export const refusedUnlocksTable = sqliteTable('refused_unlocks', {
  actor: text('actor').primaryKey(),
  attempts: integer('attempts').notNull(),
  firstAt: text('first_at').notNull(),
  lastAt: text('last_at').notNull(),
})

export const issuedTable = sqliteTable('issued_certificates', {
  /** Hexadecimal, lower case. */
  serial: text('serial').primaryKey(),
  /** Key of the intermediate that signed it. */
  issuerSpkiSha256: text('issuer_spki_sha256').notNull(),
  certificatePem: text('certificate_pem').notNull(),
  fingerprintSha256: text('fingerprint_sha256').notNull(),
  title: text('title').notNull(),
  /**
   * `vault`: key made and stored here; `device`: made here and handed out once; `request`: made by the sender
   * of a CSR; `acme`: by an ACME client.
   */
  source: text('source').$type<'vault' | 'device' | 'request' | 'acme'>().notNull(),
  /** Account of the ACME server, for `acme`. */
  accountId: text('account_id'),
  notAfter: text('not_after').notNull(),
  issuedAt: text('issued_at').notNull(),
  revokedAt: text('revoked_at'),
  /** RFC 5280, section 5.3.1. */
  revocationReason: integer('revocation_reason'),
})

export const lastRevocationListsTable = sqliteTable('last_revocation_lists', {
  issuerSpkiSha256: text('issuer_spki_sha256').primaryKey(),
  issuerPem: text('issuer_pem').notNull(),
  /** DER. */
  list: blob('list', { mode: 'buffer' }).notNull(),
})

export const requestsTable = sqliteTable('requests', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  names: text('names', { mode: 'json' }).$type<string[]>().notNull(),
  keyType: text('key_type').notNull(),
  /** PKCS#10 in DER. */
  request: blob('request', { mode: 'buffer' }).notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
  createdAt: text('created_at').notNull(),
})

export const acmeServerAccountsTable = sqliteTable('acme_server_accounts', {
  id: text('id').primaryKey(),
  /** RFC 7638, in base64url. */
  thumbprint: text('thumbprint').notNull(),
  jwk: text('jwk', { mode: 'json' }).$type<object>().notNull(),
  contacts: text('contacts', { mode: 'json' }).$type<string[]>().notNull(),
  status: text('status').$type<'valid' | 'deactivated' | 'revoked'>().notNull(),
  /** External account binding of the account. */
  binding: text('binding'),
  /** User-Agent of the account's first request, unchanged: foreign text. */
  userAgent: text('user_agent').notNull(),
  createdAt: text('created_at').notNull(),
  seenAt: text('seen_at').notNull(),
})

const formerKey = {
  /** Autoincremented, so ordered by time. */
  number: integer('number').primaryKey({ autoIncrement: true }),
  accountId: text('account_id').notNull(),
  /** RFC 7638, in base64url. */
  thumbprint: text('thumbprint').notNull(),
  replacedAt: text('replaced_at').notNull(),
}

export const acmeFormerKeysTable = sqliteTable('acme_former_keys', formerKey)
export const acmeServerFormerKeysTable = sqliteTable('acme_server_former_keys', formerKey)

export const acmeServerBindingsTable = sqliteTable('acme_server_bindings', {
  /** Key identifier from the client's request. */
  id: text('id').primaryKey(),
  label: text('label').notNull(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
  createdAt: text('created_at').notNull(),
  usedAt: text('used_at'),
  /** RFC 7638, in base64url: the only account key that may use the binding, once it was used. */
  accountThumbprint: text('account_thumbprint'),
})

export const acmeAccountsTable = sqliteTable('acme_accounts', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  directoryUrl: text('directory_url').notNull(),
  /** PEM roots for the directory's server; null: the public ones. */
  rootsPem: text('roots_pem'),
  /** The directory was on this computer or in its network when a person entered it. */
  mayBePrivate: integer('may_be_private', { mode: 'boolean' }).notNull(),
  contact: text('contact', { mode: 'json' }).$type<string[]>().notNull(),
  accountUrl: text('account_url').notNull(),
  spkiSha256: text('spki_sha256').notNull(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
  createdAt: text('created_at').notNull(),
})

export const dnsMethodsTable = sqliteTable('dns_methods', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  settings: text('settings', { mode: 'json' }).$type<DnsSettings>().notNull(),
  sealed: blob('sealed', { mode: 'buffer' }),
  createdAt: text('created_at').notNull(),
  waitSeconds: integer('wait_seconds').notNull(),
})

export const targetKeysTable = sqliteTable('target_keys', {
  id: text('id').primaryKey(),
  publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
  sealed: blob('sealed', { mode: 'buffer' }).notNull(),
  createdAt: text('created_at').notNull(),
})

export interface NoticeState {
  /** Keys of delivered notices, latest last. */
  sent: string[]
  /** Consecutive failed attempts. */
  attempts: number
  /** Time of the next attempt after a failure. */
  notBefore: string | null
  last: { at: string; ok: boolean; sentence: string } | null
}

export const noticeChannelsTable = sqliteTable('notice_channels', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  settings: text('settings', { mode: 'json' }).$type<NoticeSettings>().notNull(),
  /** Destination, without what is secret. */
  place: text('place').notNull(),
  sealed: blob('sealed', { mode: 'buffer' }),
  state: text('state', { mode: 'json' }).$type<NoticeState>().notNull(),
  createdAt: text('created_at').notNull(),
})

export const renewalsTable = sqliteTable('renewals', {
  certificateId: text('certificate_id').primaryKey(),
  accountId: text('account_id'),
  method: text('method', { mode: 'json' }).$type<RenewalMethod>().notNull(),
  state: text('state', { mode: 'json' }).$type<RenewalState>().notNull(),
})
