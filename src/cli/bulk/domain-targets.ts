import type { Client } from '../../client/client.ts'
import { listDomains } from '../../client/domains.ts'
import type { Domain } from '../../contract/domains/domains.ts'
import { nearest } from '../../contract/text/nearest.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { normaliseDomain } from '../../pki/x509/host-names.ts'
import { givenRows, type TargetOptions } from './targets.ts'
import type { PlannedRow } from '../../client/bulk-run.ts'
import type { ListedRow } from '../input/name-list.ts'

export interface DomainTargets {
  /** In the order of the list, each once. */
  domains: Domain[]
  /** Columns of a list, by name of the domain. */
  listed: Map<string, ListedRow>
  /** Names that are no domain here. */
  refused: PlannedRow[]
  all: Domain[]
}

/** Domains that a command is to act on. */
export async function domainTargets(
  client: Client,
  names: readonly string[],
  options: TargetOptions,
): Promise<DomainTargets> {
  const given = await givenRows(names, options)
  const all = await listDomains(client)
  const { tag } = options
  if (given === null) {
    const domains = all.filter(({ tags }) => tag === undefined || tags.includes(tag))
    return { domains, listed: new Map(), refused: [], all }
  }
  const byName = new Map(all.map((domain) => [domain.name, domain]))
  const domains = new Map<string, Domain>()
  const listed = new Map<string, ListedRow>()
  const refused: PlannedRow[] = []
  for (const row of given) {
    const found = domainOf(row.name, byName)
    if (found instanceof EdgekeepError) refused.push(refusedRow(row.name, found))
    else if (listed.has(found.name)) refused.push(namedTwice(row.name))
    else {
      domains.set(found.name, found)
      listed.set(found.name, row)
    }
  }
  return { domains: [...domains.values()], listed, refused, all }
}

export function refusedRow(name: string, { message }: EdgekeepError): PlannedRow {
  return { name, plan: message, outcome: 'refused' }
}

export function namedTwice(name: string): PlannedRow {
  return { name, plan: 'Already listed above.', outcome: 'skipped' }
}

function domainOf(typed: string, byName: ReadonlyMap<string, Domain>): Domain | EdgekeepError {
  try {
    const name = normaliseDomain(typed)
    return (
      byName.get(name) ??
      new EdgekeepError('domain.not_found', { name, near: nearest(name, [...byName.keys()]) })
    )
  } catch (error) {
    if (error instanceof EdgekeepError) return error
    throw error
  }
}
