import { and, eq, ne, or, sql } from 'drizzle-orm'
import { SqliteError } from 'better-sqlite3'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { certificateChainsTable, certificatesTable, domainsTable } from './schema.ts'

export type CertificateListing = typeof certificatesTable.$inferSelect

export interface CertificateRow extends CertificateListing {
  /** Leaf first, then intermediates, no root. */
  chainPem: string
}

export type NewCertificateRow = Omit<CertificateRow, 'addedAt' | 'note' | 'tags' | 'revokedAt'>

export type Annotation = Partial<Pick<CertificateRow, 'note' | 'tags'>>

export interface CertificateTable {
  /** All certificates in the order of their addition, without chains. */
  list(): CertificateListing[]
  count(): number
  get(id: string): CertificateRow | undefined
  findByFingerprint(sha256: string): CertificateRow | undefined
  isNameTaken(name: string, id?: string): boolean
  /** @throws `certificate.duplicated` if the vault has this certificate */
  insert(row: NewCertificateRow): void
  /** @throws `certificate.not_found`, as the four below */
  rename(id: string, name: string): void
  annotate(id: string, annotation: Annotation): void
  setKept(id: string, kept: boolean): void
  markRevoked(id: string, at: Date): void
  /**
   * Removes the certificate and erases its key.
   * @throws `certificate.in_use` if a domain has it
   */
  remove(id: string): void
  /** Names of the domains with this certificate, sorted. */
  usage(id: string): string[]
  /** Domains that serve it or can roll back to it. */
  shownBy(id: string): string[]
}

export function certificateTable(
  { query }: VaultDatabase,
  clock: () => Date,
  erased: () => void,
): CertificateTable {
  const { listings, counted, byId, byFingerprint, called, users, showing } = statementsOf(query)
  const usage = (id: string): string[] => users.all({ id }).map((row) => row.name)
  const findByFingerprint = (fingerprint: string) => whole(byFingerprint.get({ fingerprint }))

  function insert({ chainPem, ...row }: NewCertificateRow): void {
    const addedAt = clock().toISOString()
    query.transaction((inner) => {
      inner
        .insert(certificatesTable)
        .values({ ...row, addedAt, revokedAt: revokedHere(row.fingerprintSha256) })
        .run()
      inner.insert(certificateChainsTable).values({ certificateId: row.id, chainPem }).run()
    })
  }

  function patch(
    id: string,
    values: { name: string } | { kept: boolean } | { revokedAt: string } | Annotation,
  ): void {
    const { changes } = query.update(certificatesTable).set(values).where(eq(certificatesTable.id, id)).run()
    if (changes === 0) throw notFound(id)
  }

  function remove(id: string): void {
    const found = byId.get({ id })
    if (!found) throw notFound(id)
    const domains = usage(id)
    if (domains.length > 0)
      throw new EdgekeepError('certificate.in_use', { name: found.certificates.name, domains })
    query.delete(certificatesTable).where(eq(certificatesTable.id, id)).run()
    erased()
  }

  return {
    list: () => (listings.values() as ListingValues[]).map(listingOf),
    count: () => counted.get()?.total ?? 0,
    get: (id) => whole(byId.get({ id })),
    findByFingerprint,
    isNameTaken: (name, id = '') => called.get({ name, id }) !== undefined,
    insert: (row) =>
      insertUnlessDuplicate(
        () => insert(row),
        () => findByFingerprint(row.fingerprintSha256),
      ),
    rename: (id, name) => patch(id, { name }),
    annotate: patch,
    setKept: (id, kept) => patch(id, { kept }),
    markRevoked: (id, at) => patch(id, { revokedAt: at.toISOString() }),
    remove,
    usage,
    shownBy: (id) => showing.all({ id }).map((row) => row.name),
  }
}

/** Time of an earlier revocation by the local authority: a certificate can be added again after it. */
function revokedHere(fingerprint: string) {
  return sql<
    string | null
  >`(SELECT revoked_at FROM issued_certificates WHERE fingerprint_sha256 = ${fingerprint})`
}

function statementsOf(query: VaultDatabase['query']) {
  const listings = query
    .select()
    .from(certificatesTable)
    .orderBy(sql`rowid`)
    .prepare()
  const joined = () =>
    query
      .select()
      .from(certificatesTable)
      .innerJoin(certificateChainsTable, eq(certificateChainsTable.certificateId, certificatesTable.id))
  const counted = query
    .select({ total: sql<number>`count(*)` })
    .from(certificatesTable)
    .prepare()
  const byId = joined()
    .where(eq(certificatesTable.id, sql.placeholder('id')))
    .prepare()
  const byFingerprint = joined()
    .where(eq(certificatesTable.fingerprintSha256, sql.placeholder('fingerprint')))
    .prepare()
  const called = query
    .select({ id: certificatesTable.id })
    .from(certificatesTable)
    .where(
      and(
        eq(certificatesTable.name, sql.placeholder('name')),
        ne(certificatesTable.id, sql.placeholder('id')),
      ),
    )
    .limit(1)
    .prepare()
  const users = query
    .select({ name: domainsTable.name })
    .from(domainsTable)
    .where(eq(domainsTable.certificateId, sql.placeholder('id')))
    .orderBy(domainsTable.name)
    .prepare()
  const showing = query
    .select({ name: domainsTable.name })
    .from(domainsTable)
    .where(
      or(
        eq(domainsTable.certificateId, sql.placeholder('id')),
        eq(domainsTable.previousCertificateId, sql.placeholder('id')),
      ),
    )
    .orderBy(domainsTable.name)
    .prepare()
  return { listings, counted, byId, byFingerprint, called, users, showing }
}

/** Column values of a listing in SQLite's form, in the order of the schema. */
type ListingValues = [
  ...identity: [id: string, name: string, kind: CertificateListing['kind'], kept: 0 | 1],
  ...holder: [title: string, issuer: string, dnsNames: string, ipNames: string],
  ...facts: [notBefore: string, notAfter: string, fingerprint: string, spki: string, keyType: string],
  ...rest: [addedAt: string, note: string, tags: string, revokedAt: string | null],
]

/** Maps by hand, because drizzle's mapping takes most of the time of a long list. */
function listingOf(values: ListingValues): CertificateListing {
  const [id, name, kind, kept, title, issuer, dnsNames, ipNames, ...facts] = values
  const [notBefore, notAfter, fingerprintSha256, spkiSha256, keyType, addedAt, note, tags, revokedAt] = facts
  return {
    id,
    name,
    kind,
    kept: kept === 1,
    title,
    issuer,
    dnsNames: namesOf(dnsNames),
    ipNames: namesOf(ipNames),
    notBefore,
    notAfter,
    fingerprintSha256,
    spkiSha256,
    keyType,
    addedAt,
    note,
    tags: namesOf(tags),
    revokedAt,
  }
}

function namesOf(json: string): string[] {
  return json === '[]' ? [] : (JSON.parse(json) as string[])
}

interface JoinedRow {
  certificates: CertificateListing
  certificate_chains: { chainPem: string }
}

function whole(row: JoinedRow | undefined): CertificateRow | undefined {
  return row && { ...row.certificates, chainPem: row.certificate_chains.chainPem }
}

function insertUnlessDuplicate(insert: () => void, find: () => CertificateRow | undefined): void {
  try {
    insert()
  } catch (error) {
    const there =
      error instanceof SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE' ? find() : undefined
    if (!there) throw error
    const { name, fingerprintSha256 } = there
    throw new EdgekeepError('certificate.duplicated', { name, fingerprintSha256 }, { cause: error })
  }
}

function notFound(reference: string): EdgekeepError {
  return new EdgekeepError('certificate.not_found', { reference: echoOf(reference) })
}
