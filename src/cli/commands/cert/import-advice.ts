import type { Client } from '../../../client/client.ts'
import { listDomains } from '../../../client/domains.ts'
import { importAdvice } from '../../../domain/import-advice.ts'
import { formatImportAdvice } from '../../output/format-import-advice.ts'

/** Next steps after an import of the certificates with these ids, as data and as lines. */
export async function adviceAfter(
  client: Client,
  ids: readonly string[],
): Promise<{ data: { advice?: object }; lines: string[] }> {
  if (ids.length === 0) return { data: {}, lines: [] }
  const [certificates, domains] = await Promise.all([client.certificates.list(), listDomains(client)])
  const advice = importAdvice(new Set(ids), { certificates, domains, now: new Date() })
  const successors = advice.successors.map(({ old, next }) => ({
    old: { id: old.id, name: old.name },
    next: { id: next.id, name: next.name },
    domains: old.usedBy,
  }))
  return { data: { advice: { ...advice, successors } }, lines: formatImportAdvice(advice) }
}
