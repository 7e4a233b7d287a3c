import { eq, isNull, sql } from 'drizzle-orm'
import { accountBinding, dnsBinding } from './acme.ts'
import { macKeyBinding } from './acme-server-accounts.ts'
import { auditKeyBinding } from './audit.ts'
import { intermediateBinding, rootBinding } from './authority.ts'
import type { VaultDatabase } from './database.ts'
import { backupKeyBinding } from './backup/schedule.ts'
import { recoveryKeyBinding } from './recovery-key.ts'
import { requestBinding } from './requests.ts'
import {
  acmeAccountsTable,
  acmeServerBindingsTable,
  auditSealTable,
  authorityTable,
  backupScheduleTable,
  certificatesTable,
  dnsMethodsTable,
  recoveryKeyTable,
  requestsTable,
  sealedKeysTable,
} from './schema.ts'
import { seal, unsealNamed, type SealBinding } from './seal.ts'
import { keyBinding } from './sealed-keys.ts'

/**
 * Seals every secret of the vault again under another data key, inside the caller's transaction.
 * @throws `key.unsealable` for the first that does not open: a rotation must not drop it
 */
export function resealAll(database: VaultDatabase, from: Buffer, to: Buffer): void {
  const reseal = (sealed: Buffer, binding: SealBinding, name: string) =>
    resealed(sealed, binding, name, from, to)
  resealKeys(database, reseal)
  resealAuthority(database, reseal)
  resealAuditKey(database, reseal)
  resealBackupKey(database, reseal)
  resealRecoveryKey(database, reseal)
  resealAcme(database, reseal)
  resealRequests(database, reseal)
  resealMacKeys(database, reseal)
}

type Reseal = (sealed: Buffer, binding: SealBinding, name: string) => Buffer

function resealKeys({ query }: VaultDatabase, reseal: Reseal): void {
  const { id, name, spkiSha256 } = certificatesTable
  const holders = query
    .select({ id, name, spkiSha256, sealed: sealedKeysTable.sealed })
    .from(certificatesTable)
    .innerJoin(sealedKeysTable, eq(sealedKeysTable.certificateId, id))
    .all()
  const isOf = eq(sealedKeysTable.certificateId, sql.placeholder('id'))
  const sealed = sql`${sql.placeholder('sealed')}`
  const write = query.update(sealedKeysTable).set({ sealed }).where(isOf).prepare()
  for (const holder of holders)
    write.run({ id: holder.id, sealed: reseal(holder.sealed, keyBinding(holder), holder.name) })
}

/** A retired authority has no keys. */
function resealAuthority({ query }: VaultDatabase, reseal: Reseal): void {
  const row = query.select().from(authorityTable).where(isNull(authorityTable.retiredAt)).get()
  if (!row?.sealed) return
  const { sealedIntermediate } = row
  const sealed = {
    sealed: reseal(row.sealed, rootBinding(row), 'the local authority'),
    sealedIntermediate:
      sealedIntermediate && reseal(sealedIntermediate, intermediateBinding(row), 'the local authority'),
  }
  query.update(authorityTable).set(sealed).where(eq(authorityTable.id, row.id)).run()
}

function resealAuditKey({ query }: VaultDatabase, reseal: Reseal): void {
  const row = query.select().from(auditSealTable).get()
  if (!row) return
  const sealedKey = reseal(row.sealedKey, auditKeyBinding, 'the audit trail')
  query.update(auditSealTable).set({ sealedKey }).run()
}

function resealBackupKey({ query }: VaultDatabase, reseal: Reseal): void {
  const row = query.select().from(backupScheduleTable).get()
  if (!row) return
  const sealedKey = reseal(row.sealedKey, backupKeyBinding(row.header), 'the scheduled backups')
  query.update(backupScheduleTable).set({ sealedKey }).run()
}

function resealRecoveryKey({ query }: VaultDatabase, reseal: Reseal): void {
  const row = query.select().from(recoveryKeyTable).get()
  if (!row) return
  const sealed = reseal(row.sealed, recoveryKeyBinding, 'the recovery key')
  query.update(recoveryKeyTable).set({ sealed }).run()
}

function resealAcme({ query }: VaultDatabase, reseal: Reseal): void {
  for (const row of query.select().from(acmeAccountsTable).all()) {
    const sealed = reseal(row.sealed, accountBinding(row), row.name)
    query.update(acmeAccountsTable).set({ sealed }).where(eq(acmeAccountsTable.id, row.id)).run()
  }
  for (const row of query.select().from(dnsMethodsTable).all()) {
    if (!row.sealed) continue
    const sealed = reseal(row.sealed, dnsBinding(row), row.name)
    query.update(dnsMethodsTable).set({ sealed }).where(eq(dnsMethodsTable.id, row.id)).run()
  }
}

function resealRequests({ query }: VaultDatabase, reseal: Reseal): void {
  for (const row of query.select().from(requestsTable).all()) {
    const sealed = reseal(row.sealed, requestBinding(row), row.title)
    query.update(requestsTable).set({ sealed }).where(eq(requestsTable.id, row.id)).run()
  }
}

function resealMacKeys({ query }: VaultDatabase, reseal: Reseal): void {
  for (const { id, label, ...row } of query.select().from(acmeServerBindingsTable).all()) {
    const sealed = reseal(row.sealed, macKeyBinding(id), label)
    query.update(acmeServerBindingsTable).set({ sealed }).where(eq(acmeServerBindingsTable.id, id)).run()
  }
}

function resealed(sealed: Buffer, binding: SealBinding, name: string, from: Buffer, to: Buffer): Buffer {
  using secret = unsealNamed(from, { sealed, binding, name })
  return seal(to, secret.bytes, binding)
}
