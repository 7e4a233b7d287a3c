import { eq, sql } from 'drizzle-orm'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { accountBinding, dnsBinding } from './acme.ts'
import { macKeyBinding } from './acme-server-accounts.ts'
import { auditKeyBinding } from './audit.ts'
import { authorityName, intermediateBinding, rootBinding } from './authority.ts'
import type { VaultDatabase } from './database.ts'
import { backupKeyBinding } from './backup/schedule.ts'
import { noticeBinding } from './notice-channels.ts'
import { recoveryKeyBinding } from './recovery-key.ts'
import { requestBinding } from './requests.ts'
import * as tables from './schema.ts'
import { seal, unsealNamed, type NamedSeal, type SealBinding } from './seal.ts'
import { keyBinding } from './sealed-keys.ts'
import { targetKeyBinding } from './target-keys.ts'

/**
 * Seals every secret of the vault again under another data key, inside the caller's transaction.
 * @throws `key.unsealable` for the first that does not open: a rotation must not drop it
 */
export function resealAll(database: VaultDatabase, from: Buffer, to: Buffer): void {
  const reseal = (named: NamedSeal): Buffer => {
    using secret = unsealNamed(from, named)
    return seal(to, secret.bytes, named.binding)
  }
  resealKeys(database, reseal)
  const column = resealerOf(database, reseal)
  // Rows without a seal: retired authorities; hooks of DNS and commands of earlier versions, which do not run.
  column(tables.authorityTable, 'sealed', (row) => [rootBinding(row), authorityName])
  column(tables.authorityTable, 'sealedIntermediate', (row) => [intermediateBinding(row), authorityName])
  column(tables.auditSealTable, 'sealedKey', () => [auditKeyBinding, 'the audit trail'])
  column(tables.backupScheduleTable, 'sealedKey', ({ header }) => [
    backupKeyBinding(header),
    'the scheduled backups',
  ])
  column(tables.recoveryKeyTable, 'sealed', () => [recoveryKeyBinding, 'the recovery key'])
  column(tables.acmeAccountsTable, 'sealed', (row) => [accountBinding(row), row.name])
  column(tables.dnsMethodsTable, 'sealed', (row) => [dnsBinding(row), row.name])
  column(tables.noticeChannelsTable, 'sealed', (row) => [noticeBinding(row), row.name])
  column(tables.requestsTable, 'sealed', (row) => [requestBinding(row), row.title])
  column(tables.acmeServerBindingsTable, 'sealed', ({ id, label }) => [macKeyBinding(id), label])
  column(tables.targetKeysTable, 'sealed', (row) => [targetKeyBinding(row), row.id])
}

type Reseal = (named: NamedSeal) => Buffer

/** Returns a function that seals one column of a table again, with the binding and name of each row's secret. */
function resealerOf({ query }: VaultDatabase, reseal: Reseal) {
  return <T extends SQLiteTable & { id: SQLiteColumn }>(
    table: T,
    column: keyof T['$inferSelect'] & string,
    describe: (row: T['$inferSelect']) => [binding: SealBinding, name: string],
  ): void => {
    for (const row of query.select().from<SQLiteTable>(table).all()) {
      const sealed = row[column] as Buffer | null
      if (!sealed) continue
      const [binding, name] = describe(row)
      const values = { [column]: reseal({ sealed, binding, name }) } as T['$inferInsert']
      query.update(table).set(values).where(eq(table.id, row['id'])).run()
    }
  }
}

/** Keys are bound to their certificates, which another table has. */
function resealKeys({ query }: VaultDatabase, reseal: Reseal): void {
  const { id, name, spkiSha256 } = tables.certificatesTable
  const { certificateId, sealed } = tables.sealedKeysTable
  const isOwner = eq(certificateId, id)
  const owners = query.select({ id, name, spkiSha256, sealed }).from(tables.certificatesTable)
  const set = { sealed: sql`${sql.placeholder('sealed')}` }
  const keys = query.update(tables.sealedKeysTable).set(set)
  const write = keys.where(eq(certificateId, sql.placeholder('id'))).prepare()
  for (const owner of owners.innerJoin(tables.sealedKeysTable, isOwner).all())
    write.run({ id: owner.id, sealed: reseal({ ...owner, binding: keyBinding(owner) }) })
}
