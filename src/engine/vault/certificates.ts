import { and, count, eq, ne, or, sql } from 'drizzle-orm'
import { SqliteError } from 'better-sqlite3'
import { echoOf } from '../../domain/echo.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { VaultDatabase } from './database.ts'
import { certificateChainsTable, certificatesTable, domainsTable } from './schema.ts'

export type CertificateListing = typeof certificatesTable.$inferSelect

export interface CertificateRow extends CertificateListing {
  /** Leaf first, then intermediates, no root. */
  chainPem: string
  /** Root above the chain, if it was uploaded with it. */
  rootPem: string | null
}

export type NewCertificateRow = Omit<CertificateRow, 'addedAt' | 'note' | 'tags' | 'owner' | 'revokedAt'>

export type Annotation = Partial<Pick<CertificateRow, 'note' | 'tags' | 'owner'>>

export function certificateTable({ query }: VaultDatabase, clock: () => Date, erased: () => void) {
  const { listings, counted, byId, byFingerprint, called, users, showing } = statementsOf(query)
  const usage = (id: string): string[] => users.all({ id }).map((row) => row.name)
  const findByFingerprint = (fingerprint: string) => whole(byFingerprint.get({ fingerprint }))
  const isOf = (id: string) => eq(certificatesTable.id, id)

  function patch(
    id: string,
    values: { name: string } | { kept: boolean } | { revokedAt: string } | Annotation,
  ): void {
    const { changes } = query.update(certificatesTable).set(values).where(isOf(id)).run()
    if (changes === 0) throw notFound(id)
  }

  return {
    /** All certificates in the order of their addition, without chains. */
    list: (): CertificateListing[] => (listings.values() as ListingValues[]).map(listingOf),
    count: (): number => counted.get()?.total ?? 0,
    get: (id: string): CertificateRow | undefined => whole(byId.get({ id })),
    findByFingerprint,
    isNameTaken: (name: string, id = ''): boolean => called.get({ name, id }) !== undefined,
    /** @throws `certificate.duplicated` if the vault has this certificate */
    insert({ chainPem, rootPem, ...row }: NewCertificateRow): void {
      const revokedAt = revokedHere(row.fingerprintSha256)
      const values = { ...row, addedAt: clock().toISOString(), revokedAt }
      const chain = { certificateId: row.id, chainPem, rootPem }
      try {
        query.transaction((inner) => {
          inner.insert(certificatesTable).values(values).run()
          inner.insert(certificateChainsTable).values(chain).run()
        })
      } catch (error) {
        throw asDuplicate(error, () => findByFingerprint(row.fingerprintSha256))
      }
    },
    /** @throws `certificate.not_found`, as the four below */
    rename: (id: string, name: string) => patch(id, { name }),
    annotate: (id: string, annotation: Annotation) => patch(id, annotation),
    setKept: (id: string, kept: boolean) => patch(id, { kept }),
    markRevoked: (id: string, at: Date) => patch(id, { revokedAt: at.toISOString() }),
    /**
     * Removes the certificate and erases its key.
     * @throws `certificate.in_use` if a domain has it
     */
    remove(id: string): void {
      const found = byId.get({ id })
      if (!found) throw notFound(id)
      const [domains, { name }] = [usage(id), found.certificates]
      if (domains.length > 0) throw new EdgekeepError('certificate.in_use', { name, domains })
      query.delete(certificatesTable).where(isOf(id)).run()
      erased()
    },
    /** Names of the domains with this certificate, sorted. */
    usage,
    /** Domains that serve it or can roll back to it. */
    shownBy: (id: string): string[] => showing.all({ id }).map((row) => row.name),
  }
}

/** Time of an earlier revocation by the local authority: a certificate can be added again after it. */
function revokedHere(fingerprint: string) {
  return sql<
    string | null
  >`(SELECT revoked_at FROM issued_certificates WHERE fingerprint_sha256 = ${fingerprint})`
}

function statementsOf(query: VaultDatabase['query']) {
  const { id, name, fingerprintSha256 } = certificatesTable
  const [wanted, rowid] = [sql.placeholder('id'), sql`rowid`]
  const isOfRow = eq(certificateChainsTable.certificateId, id)
  const joined = () => query.select().from(certificatesTable).innerJoin(certificateChainsTable, isOfRow)
  const certificates = () => query.select({ id }).from(certificatesTable)
  const isAnother = and(eq(name, sql.placeholder('name')), ne(id, wanted))
  const domains = () => query.select({ name: domainsTable.name }).from(domainsTable)
  const isServed = eq(domainsTable.certificateId, wanted)
  const isShown = or(isServed, eq(domainsTable.previousCertificateId, wanted))
  return {
    listings: query.select().from(certificatesTable).orderBy(rowid).prepare(),
    counted: query.select({ total: count() }).from(certificatesTable).prepare(),
    byId: joined().where(eq(id, wanted)).prepare(),
    byFingerprint: joined()
      .where(eq(fingerprintSha256, sql.placeholder('fingerprint')))
      .prepare(),
    called: certificates().where(isAnother).limit(1).prepare(),
    users: domains().where(isServed).orderBy(domainsTable.name).prepare(),
    showing: domains().where(isShown).orderBy(domainsTable.name).prepare(),
  }
}

/** Column values of a listing in SQLite's form, in the order of the schema. */
type ListingValues = [
  ...identity: [id: string, name: string, kind: CertificateListing['kind'], kept: 0 | 1],
  ...holder: [title: string, issuer: string, dnsNames: string, ipNames: string],
  ...facts: [notBefore: string, notAfter: string, fingerprint: string, spki: string, keyType: string],
  ...rest: [addedAt: string, note: string, tags: string, revokedAt: string | null, owner: string],
]

/** Maps by hand, because drizzle's mapping takes most of the time of a long list. */
function listingOf(values: ListingValues): CertificateListing {
  const [id, name, kind, kept, title, issuer, dnsNames, ipNames, ...facts] = values
  const [notBefore, notAfter, fingerprintSha256, spkiSha256, keyType, ...rest] = facts
  const [addedAt, note, tags, revokedAt, owner] = rest
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
    owner,
  }
}

function namesOf(json: string): string[] {
  return json === '[]' ? [] : (JSON.parse(json) as string[])
}

interface JoinedRow {
  certificates: CertificateListing
  certificate_chains: { chainPem: string; rootPem: string | null }
}

function whole(row: JoinedRow | undefined): CertificateRow | undefined {
  if (!row) return undefined
  const { chainPem, rootPem } = row.certificate_chains
  return { ...row.certificates, chainPem, rootPem }
}

function asDuplicate(error: unknown, find: () => CertificateRow | undefined): unknown {
  const isTaken = error instanceof SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE'
  const there = isTaken ? find() : undefined
  if (!there) return error
  const { name, fingerprintSha256 } = there
  return new EdgekeepError('certificate.duplicated', { name, fingerprintSha256 }, { cause: error })
}

function notFound(reference: string): EdgekeepError {
  return new EdgekeepError('certificate.not_found', { reference: echoOf(reference) })
}
