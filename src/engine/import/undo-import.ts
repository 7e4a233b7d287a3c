import { EdgekeepError } from '../../contract/errors/registry.ts'
import type { UndoneImport } from '../../contract/imports/imports.ts'
import { eraseIfUnused } from '../certificates/certificates.ts'
import { httpsFacts } from '../certificates/certificate-to-serve.ts'
import { type ChangeRecord, commit } from '../core/commit.ts'
import type { DomainNeeds } from '../domains/needs.ts'
import { type Added, importSubject } from './import-setup.ts'
import { lastEntry } from './last-import.ts'

/**
 * Removes what the last import added. Domains that have changed since stay, with their certificates.
 * @throws `import.nothing_to_undo`
 */
export async function undoImport(parts: DomainNeeds): Promise<UndoneImport> {
  const last = lastEntry(parts)
  if (!last) throw new EdgekeepError('import.nothing_to_undo', {})
  const { added } = last
  const { done, effect } = await commit(parts, () => {
    const domains = removeDomains(parts, added)
    const certificates = releaseCertificates(parts, added)
    const left = [...domains.left, ...certificates.left]
    const after = { source: added.source, domains: domains.removed, certificates: certificates.erased }
    const own = { action: 'import.undo', subject: importSubject, before: last.row.after, after }
    return { answer: { ...after, left }, record: [own, ...domains.records, ...certificates.records] }
  })
  for (const name of done.answer.domains) parts.findings.clear(name)
  return { ...done.answer, effect }
}

interface Removed {
  removed: string[]
  left: string[]
  records: ChangeRecord[]
}

function removeDomains(parts: DomainNeeds, { domains }: Added): Removed {
  const all: Removed = { removed: [], left: [], records: [] }
  for (const { name, updatedAt } of domains) {
    const row = parts.vault.domains.get(name)
    if (!row) continue
    if (row.updatedAt !== updatedAt) {
      all.left.push(name)
      continue
    }
    const before = { origin: row.origin, certificate: httpsFacts(parts, row).certificate }
    parts.vault.domains.remove(name)
    all.removed.push(name)
    all.records.push({ action: 'domain.remove', subject: name, before, after: null })
  }
  return all
}

/** A certificate in use stays kept, like before. */
function releaseCertificates({ vault, ...parts }: DomainNeeds, { certificates }: Added) {
  const unused = certificates.filter(
    (id) => vault.certificates.get(id) && vault.certificates.shownBy(id).length === 0,
  )
  for (const id of unused) vault.certificates.setKept(id, false)
  const { erased, records } = eraseIfUnused({ vault, ...parts }, unused)
  const left = certificates.flatMap((id) => vault.certificates.get(id)?.name ?? [])
  return { erased: erased.map(({ name }) => name), left, records }
}
