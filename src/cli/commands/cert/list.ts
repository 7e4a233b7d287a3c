import { type OptionsOf, facts } from '../../frame/declare.ts'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { followedIds } from '../../../domain/followed-certificates.ts'
import { certificateFilters, countByFilter, filtersOfCertificate } from '../../../domain/list-filters.ts'
import { compareText, compareTimes } from '../../../domain/compare.ts'
import { namesCell } from '../../output/fit-columns.ts'
import type { Result, Session } from '../../frame/command.ts'
import { timeLeft } from '../../output/format.ts'
import { formatFilterCounts, listResult, listFlags } from '../../flags/list-options.ts'

const columns = ['expiry', 'name', 'issuer', 'owner'] as const
type Column = (typeof columns)[number]

const noneYet = 'There is no certificate yet. Import one: edgekeep cert import fullchain.pem privkey.pem'

const listing = listFlags({ filters: certificateFilters, columns })

export const certificateListCommand = facts('list', {
  about: 'List the certificates.',
  flags: listing,
  examples: ['cert list', 'cert list --filter expiring --tag staging', 'cert list --csv > certificates.csv'],
  run: list,
})

const compareBy: Record<Column, (one: CertificateSummary, other: CertificateSummary) => number> = {
  expiry: (one, other) => compareTimes(one.notAfter, other.notAfter),
  name: () => 0,
  issuer: (one, other) => compareText(one.issuer, other.issuer),
  owner: (one, other) => compareText(one.owner, other.owner),
}

async function list(
  { client }: Session,
  { filter, tag, sort, csv }: OptionsOf<typeof listing>,
): Promise<Result> {
  const all = await client.certificates.list()
  const followed = followedIds(all)
  const facts = { now: new Date(), isFollowed: (id: string) => followed.has(id) }
  const filtersOf = (each: CertificateSummary) => filtersOfCertificate(each, facts)
  const certificates = all
    .filter((each) => filter === undefined || filtersOf(each).includes(filter))
    .filter(({ tags }) => tag === undefined || tags.includes(tag))
    .toSorted((one, other) => compareBy[sort](one, other) || compareText(one.name, other.name))
  const counts = countByFilter(certificateFilters, all, filtersOf)
  return listResult({
    data: { certificates, counts },
    header: ['NAME', 'COVERS', 'VALIDITY', 'USED BY', 'SHA-256 (START)', 'OWNER', 'TAGS'],
    rows: csv ? [] : certificates.map(cells),
    none:
      all.length === 0
        ? noneYet
        : tag === undefined
          ? 'No certificate is among them.'
          : `No certificate has the tag "${tag}".`,
    counts: formatFilterCounts('certificates', all.length, counts),
    csv: csv ? { header: csvHeader, rows: certificates.map(csvCells) } : null,
  })
}

function cells(certificate: CertificateSummary): string[] {
  const { name, dnsNames, ipNames, revoked, usedBy, fingerprintSha256, owner, tags } = certificate
  return [
    name,
    namesCell([...dnsNames, ...ipNames].map(readableName)),
    revoked ? 'REVOKED' : timeLeft(certificate),
    namesCell(usedBy.map(readableName)) || '-',
    `${fingerprintSha256.slice(0, 16)}…`,
    owner,
    tags.join(', '),
  ]
}

const csvHeader = [
  ...['name', 'names', 'issuer', 'not before', 'not after', 'revoked', 'used by'],
  ...['owner', 'tags', 'note', 'key', 'sha256'],
]

function csvCells(certificate: CertificateSummary): string[] {
  const { name, dnsNames, ipNames, issuer, notBefore, notAfter, revoked, usedBy } = certificate
  const { owner, tags, note, keyType, fingerprintSha256 } = certificate
  return [
    ...[name, [...dnsNames, ...ipNames].map(readableName).join(' '), issuer, notBefore, notAfter],
    ...[revoked ? 'yes' : '', usedBy.map(readableName).join(' ')],
    ...[owner, tags.join(' '), note, keyType, fingerprintSha256],
  ]
}
