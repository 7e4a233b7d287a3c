import type { Client } from '../../client/client.ts'
import type { CertificateSummary } from '../../contract/domains/domains.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { certificateFinder } from './certificate-finder.ts'
import { refusedRow } from './domain-targets.ts'
import type { PlannedRow } from '../../client/bulk-run.ts'
import { givenRows, type TargetOptions } from './targets.ts'

/** Certificates that a command is to act on, each once, and rows for references that name none. */
export async function certificateTargets(
  client: Client,
  references: readonly string[],
  options: TargetOptions,
): Promise<{ certificates: CertificateSummary[]; refused: PlannedRow[] }> {
  const given = await givenRows(references, options)
  const all = await client.certificates.list()
  const { tag } = options
  if (given === null) {
    const certificates = all.filter(({ tags }) => tag === undefined || tags.includes(tag))
    return { certificates, refused: [] }
  }
  const find = certificateFinder(client, all)
  const certificates = new Map<string, CertificateSummary>()
  const refused: PlannedRow[] = []
  for (const { name } of given) {
    const found = await find(name)
    if (found instanceof EdgekeepError) refused.push(refusedRow(name, found))
    else certificates.set(found.id, found)
  }
  return { certificates: [...certificates.values()], refused }
}
