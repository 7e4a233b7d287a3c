import { type BoundedFiles, emptySetup, type FoundSetup } from '../setup/found.ts'
import { noteTaker } from '../setup/notes.ts'
import { openSqlite, type Row } from '../setup/sqlite-file.ts'

/**
 * Reads a database of XCA: certificates, and their keys as XCA has them, encrypted under its passphrase, which opens
 * them at intake. Its authorities are trust anchors: their keys are never opened.
 */
export async function readXca(path: string, files: BoundedFiles): Promise<FoundSetup> {
  const setup = emptySetup()
  const notes = noteTaker(setup.notes)
  using database = await openSqlite(path, files)
  const items = new Map(
    database
      .rows('items', ['id', 'name', 'del'])
      .filter(({ del }) => del !== 1)
      .map(({ id, name }) => [id, String(name)]),
  )
  const keyOf = new Map(database.rows('x509super', ['item', 'pkey']).map(({ item, pkey }) => [item, pkey]))
  const keys = new Map(database.rows('private_keys', ['item', 'private']).map((row) => [row['item'], row]))
  for (const row of database.rows('certs', ['item', 'ca', 'cert'])) {
    const { item, ca } = row
    const name = items.get(item)
    if (name === undefined) continue
    const certificate = `${path}/${String(item)}.crt`
    setup.embedded.set(certificate, bytesIn(row, 'cert'))
    if (ca === 1) {
      setup.anchors.push(certificate)
      // Completes the chains of the others.
      setup.certificates.push({ certificate, key: null })
      continue
    }
    const stored = keys.get(keyOf.get(item))
    const key = `${path}/${String(item)}.key`
    if (stored) {
      setup.embedded.set(key, bytesIn(stored, 'private'))
      setup.certificates.push({ certificate, key })
    } else notes.left({ file: certificate }, name, 'XCA has no private key of it, or has it on a smart card.')
  }
  const others: [string, string][] = [
    ['requests', 'Certificate requests are not taken over.'],
    ['templates', 'Templates are not taken over.'],
    ['crls', 'Revocation lists are not taken over.'],
  ]
  for (const [table, why] of others)
    if (database.rows(table, ['item']).some(({ item }) => items.has(item)))
      notes.left({ file: path }, table, why)
  return setup
}

/** DER in base64. */
function bytesIn(row: Row, column: string): Buffer<ArrayBuffer> {
  return Buffer.from(String(row[column]), 'base64')
}
