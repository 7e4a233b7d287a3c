import { addDomain, completeDomain, type NewDomain } from '../../../client/add-domain.ts'
import type { Client } from '../../../client/client.ts'
import { listDomains } from '../../../client/domains.ts'
import type { CertificateSummary, Domain } from '../../../contract/domains/domains.ts'
import { EdgekeepError } from '../../../contract/errors/registry.ts'
import { issuingSuffixes, outsideScope } from '../../../domain/issuing-scope.ts'
import { formatOrigin } from '../../../domain/origin-text.ts'
import { normaliseDomain } from '../../../pki/x509/host-names.ts'
import { givenOrigin, type OriginOptions } from '../../flags/origin.ts'
import { givenRows, type TargetOptions } from '../../bulk/targets.ts'
import type { PlannedRow } from '../../../client/bulk-run.ts'
import { runBulk } from '../../bulk/run-bulk.ts'
import { type Result, type Session, usageError } from '../../frame/command.ts'
import { certificateFinder } from '../../bulk/certificate-finder.ts'
import { namedTwice, refusedRow } from '../../bulk/domain-targets.ts'
import type { ListedRow } from '../../input/name-list.ts'
import { count } from '../../../contract/text/count.ts'

export type AddOptions = TargetOptions & OriginOptions

/** Domain of a list, as far as it was read. */
interface Wanted extends NewDomain {
  certificate: string
}

/** Adds many domains, each with the origin of its row or of `--origin`, and with HTTPS where a row names it. */
export async function addMany(
  session: Session,
  names: readonly string[],
  options: AddOptions,
): Promise<Result> {
  const given = await givenRows(names, options)
  if (given === null) throw usageError('Domains to add are named, not chosen from those that are there.')
  const { client } = session
  const there = new Map((await listDomains(client)).map((domain) => [domain.name, domain]))
  const certificateOf = await certificateReader(session, given)
  const suffixes = issuingSuffixes(await client.authority.get())
  const seen = new Set<string>()
  const rows: PlannedRow[] = []
  for (const row of given) {
    const wanted = await wantedOf(row, options, { certificateOf, suffixes })
    if (wanted instanceof EdgekeepError) rows.push(refusedRow(row.name, wanted))
    else if (seen.has(wanted.name)) rows.push(namedTwice(row.name))
    else rows.push(plannedOf(session, row.name, wanted, there.get(wanted.name)))
    if (!(wanted instanceof EdgekeepError)) seen.add(wanted.name)
  }
  const adding = rows.filter((row) => 'act' in row).length
  return runBulk(session, { rows, options, question: `Add ${count(adding, 'domain')}?` })
}

type FindCertificate = (reference: string) => Promise<CertificateSummary | EdgekeepError>

/** The certificates are asked for only where a row names one. */
async function certificateReader({ client }: Session, given: readonly ListedRow[]): Promise<FindCertificate> {
  const isNamed = given.some(({ certificate }) => certificate !== undefined)
  return certificateFinder(client, isNamed ? await client.certificates.list() : [])
}

async function wantedOf(
  row: ListedRow,
  options: AddOptions,
  { certificateOf, suffixes }: { certificateOf: FindCertificate; suffixes: readonly string[] },
): Promise<Wanted | EdgekeepError> {
  try {
    const name = normaliseDomain(row.name)
    const address = row.origin ?? options.origin
    if (address === undefined) throw usageError('It has no origin; give one for all with --origin.')
    const origin = givenOrigin(address, options)
    const tags = (row.tags ?? '').split(/[\s,;]+/).filter(Boolean)
    const reference = row.certificate ?? ''
    if (reference === '') return { name, origin, source: null, certificate: '', tags }
    const outside = reference === 'free' ? outsideScope([name], suffixes) : undefined
    if (outside) return outside
    if (reference === 'free')
      return { name, origin, source: { type: 'free' }, certificate: 'a free certificate', tags }
    const found = await certificateOf(reference)
    if (found instanceof EdgekeepError) return found
    const source = { type: 'vault', certificateId: found.id } as const
    return { name, origin, source, certificate: `"${found.name}"`, tags }
  } catch (error) {
    if (error instanceof EdgekeepError) return error
    throw error
  }
}

function plannedOf(
  { client }: Session,
  typed: string,
  wanted: Wanted,
  there: Domain | undefined,
): PlannedRow {
  const to = formatOrigin(wanted.origin)
  if (there)
    return formatOrigin(there.origin) === to ? completion(client, typed, wanted, there) : other(typed, there)
  const plan = `→ ${to}${wanted.source ? `, with ${wanted.certificate}` : ''}`
  return { name: typed, plan, act: () => addDomain(client, wanted) }
}

/** The rest of a row that was begun before, as when the engine ended in it. */
function completion(client: Client, name: string, wanted: Wanted, there: Domain): PlannedRow {
  const tags = (wanted.tags ?? []).filter((tag) => !there.tags.includes(tag))
  const source = there.https.state === 'off' ? wanted.source : null
  const rest = [
    ...(tags.length > 0 ? [`gets the tags ${tags.join(', ')}`] : []),
    ...(source ? [`gets ${wanted.certificate}`] : []),
  ]
  if (rest.length === 0) return { name, plan: 'It is there already.', outcome: 'skipped' }
  const plan = `is there already, and ${rest.join(' and ')}`
  return { name, plan, act: () => completeDomain(client, { ...wanted, tags, source }) }
}

function other(name: string, { origin }: Domain): PlannedRow {
  const plan = `It is there already, with the origin ${formatOrigin(origin)}.`
  return { name, plan, outcome: 'refused' }
}
