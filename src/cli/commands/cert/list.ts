import type { Command } from 'commander'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { followedIds } from '../../../domain/followed-certificates.ts'
import {
  type CertificateFilter,
  certificateFilters,
  countByFilter,
  filtersOfCertificate,
} from '../../../domain/list-filters.ts'
import { compareText, compareTimes } from '../../../domain/compare.ts'
import { namesCell } from '../../output/fit-columns.ts'
import type { Cli, Result, Session } from '../../frame/command.ts'
import { timeLeft } from '../../output/format.ts'
import {
  formatFilterCounts,
  type ListOptions,
  listResult,
  withListOptions,
} from '../../flags/list-options.ts'

const columns = ['expiry', 'name', 'issuer', 'owner'] as const
type Column = (typeof columns)[number]

const noneYet = 'There is no certificate yet. Import one: edgekeep cert import fullchain.pem privkey.pem'

export function certificateListCommand(cert: Command, cli: Cli): void {
  withListOptions(cert.command('list'), { filters: certificateFilters, columns })
    .description('List the certificates.')
    .addHelpText(
      'after',
      `
Examples:
  $ edgekeep cert list
  $ edgekeep cert list --filter expiring --tag staging
  $ edgekeep cert list --csv > certificates.csv`,
    )
    .action(cli.facts(list))
}

const compareBy: Record<Column, (one: CertificateSummary, other: CertificateSummary) => number> = {
  expiry: (one, other) => compareTimes(one.notAfter, other.notAfter),
  name: () => 0,
  issuer: (one, other) => compareText(one.issuer, other.issuer),
  owner: (one, other) => compareText(one.owner, other.owner),
}

async function list(
  { client }: Session,
  { filter, tag, sort = 'expiry', csv }: ListOptions<CertificateFilter, Column>,
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
