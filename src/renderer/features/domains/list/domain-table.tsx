import { Table, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Domain } from '../../../../contract/domains/domains.ts'
import { formatNumber } from '../../../../contract/text/count.ts'
import { useDomains, useTodaysUsage } from '../../../connection/engine-context.tsx'
import { keepLast } from '../../../ui/derived.ts'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { DaysLeft } from '../../../ui/certificate/validity-bar.tsx'
import { SelectAllHead, SelectCell, type Selection } from '../../../ui/bulk/selection.tsx'
import { rowCount, TableRows, type RowAttributes } from '../../../ui/lists/visible-rows.tsx'
import { SortHead } from '../../../ui/views/sort-head.tsx'
import { StateBadge, VerificationMark } from '../badges.tsx'
import classes from '../domain-list.module.css'
import { useDrafts } from '../drafts/draft-store.ts'
import { useListView } from '../../../ui/views/list-view.ts'
import { groupRows, type GroupedRow } from './groups.ts'
import { columns, domainsView } from './list-view.ts'
import { OriginMark } from '../origins/origin-mark.tsx'
import { OriginText } from '../origins/origin-text.tsx'
import { domainPath } from '../paths.ts'

/** One row per domain. Clicking anywhere in a row opens its page; the name is the link. */
export function DomainTable({ domains, ...selection }: { domains: readonly Domain[] } & Selection) {
  const { t } = useTranslation('domains')
  const { t: tp } = useTranslation('policies')
  const isWhole = useDomains(({ status }) => status !== 'filling')
  const { group } = useListView(domainsView)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const rows = useMemo(() => groupRows(domains, group, folded), [domains, group, folded])
  const names = useMemo(() => domains.map(({ name }) => name), [domains])
  return (
    <div className={classes.tableCard}>
      <Table
        highlightOnHover
        layout="fixed"
        aria-label={t('table.label')}
        aria-rowcount={rowCount(rows, isWhole)}
        className={`sticky-head ${classes.table}`}
      >
        <Table.Thead>
          <Table.Tr>
            <SelectAllHead label={tp('batch.selectAll')} keys={names} {...selection} />
            {columns.map((column) => (
              <SortHead key={column} view={domainsView} column={column} label={t(`table.${column}`)} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <TableRows items={rows} keyOf={({ key }) => key} height={61}>
            {(each, row) =>
              each.kind === 'domain' ? (
                <DomainRow domain={each.domain} row={row} {...selection} />
              ) : (
                <GroupRow
                  group={each}
                  row={row}
                  onFold={() => setFolded(toggled(folded, each.label))}
                  {...selection}
                />
              )
            }
          </TableRows>
        </Table.Tbody>
      </Table>
    </div>
  )
}

function GroupRow(
  props: {
    group: Extract<GroupedRow, { kind: 'group' }>
    row: RowAttributes
    onFold: () => void
  } & Selection,
) {
  const { t } = useTranslation('domains')
  const { group, row, onFold, ...selection } = props
  const { domains, isFolded } = group
  const label = group.label || t('group.untagged')
  const names = domains.map(({ name }) => name)
  const Chevron = isFolded ? IconChevronRight : IconChevronDown
  return (
    <Table.Tr {...row} className={classes.group}>
      <SelectCell label={t('group.select', { group: label })} keys={names} {...selection} />
      <Table.Th scope="rowgroup" className={classes.groupName}>
        <UnstyledButton className="row gap-6" aria-expanded={!isFolded} onClick={onFold}>
          <Chevron size={14} aria-hidden />
          <span className="strong">{label}</span>
          <span className="dim">{t('table.count', { count: domains.length })}</span>
        </UnstyledButton>
      </Table.Th>
    </Table.Tr>
  )
}

function DomainRow({ domain, row, ...selection }: { domain: Domain; row: RowAttributes } & Selection) {
  const { t } = useTranslation('domains')
  const { t: tp } = useTranslation('policies')
  const { t: tu } = useTranslation('ui')
  const [, navigate] = useLocation()
  const isUnsaved = useDrafts((state) => state.byDomain.has(domain.name))
  const { redirect } = domain
  return (
    <Table.Tr {...row} className={classes.row} onClick={() => navigate(domainPath(domain.name))}>
      <SelectCell
        label={tp('batch.select', { domain: domain.displayName })}
        keys={[domain.name]}
        {...selection}
      />
      <Table.Td>
        <Link
          href={domainPath(domain.name)}
          className={`row-link ${classes.name}`}
          title={domain.displayName}
          onClick={(event) => event.stopPropagation()}
        >
          {domain.displayName}
        </Link>
        {isUnsaved ? <div className="caution text-xs">{tu('drafts.unsaved')}</div> : null}
        {domain.displayName === domain.name ? null : <div className={classes.ascii}>{domain.name}</div>}
        <NarrowLines domain={domain} />
      </Table.Td>
      <Table.Td data-column="origin">
        <OriginCell domain={domain} />
      </Table.Td>
      <Table.Td>
        <HttpsCell domain={domain} />
      </Table.Td>
      <Table.Td data-column="redirect">
        {redirect.mode === 'none' ? (
          <span className="dim">{t('redirect.none')}</span>
        ) : (
          <span className={classes.redirectCell}>
            {t(`redirect.${redirect.mode}`)} <span className={classes.small}>{redirect.code}</span>
          </span>
        )}
      </Table.Td>
      <Table.Td data-column="today">
        <TodayCell name={domain.name} />
      </Table.Td>
      <Table.Td>
        <div className={classes.checkCell}>
          <VerificationMark domain={domain} />
          {domain.lastCheck && domain.https.outage === null ? (
            <span className={classes.small}>
              <RelativeTime at={domain.lastCheck.at} />
            </span>
          ) : null}
        </div>
      </Table.Td>
    </Table.Tr>
  )
}

function OriginCell({ domain }: { domain: Domain }) {
  return (
    <div className={classes.originCell}>
      <OriginText origin={domain.origin} />
      <OriginMark domain={domain} />
    </div>
  )
}

/** Values that have columns of their own in a wide window. */
function NarrowLines({ domain }: { domain: Domain }) {
  const { name, redirect } = domain
  const { t } = useTranslation('domains')
  return (
    <div className={classes.narrowLines}>
      <OriginCell domain={domain} />
      {redirect.mode === 'none' ? null : (
        <span className={classes.small}>{`${t(`redirect.${redirect.mode}`)} ${redirect.code}`}</span>
      )}
      <span className={classes.small}>
        {t('table.today')}: <TodayCell name={name} />
      </span>
    </div>
  )
}

const shortFormat = keepLast(
  (language: string) => new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }),
)

/** HTTPS requests since midnight; abbreviated numbers have the exact one as tooltip. */
function TodayCell({ name }: { name: string }) {
  const { i18n } = useTranslation('domains')
  const https = useTodaysUsage(({ byKey }) => byKey.get(name)?.https ?? 0)
  const whole = formatNumber(https, i18n.language)
  return <span title={whole}>{https < 100_000 ? whole : shortFormat(i18n.language).format(https)}</span>
}

function HttpsCell({ domain }: { domain: Domain }) {
  const { t } = useTranslation(['domains', 'certificates'])
  const { certificate } = domain.https
  return (
    <div className={classes.httpsCell}>
      <StateBadge https={domain.https} />
      {certificate ? (
        <div className={classes.certificateCell}>
          <span className="cut" title={certificate.name}>
            {certificate.name}
          </span>
          <span className={classes.small}>
            {certificate.revoked ? (
              <span className="no medium">{t('certificates:table.revoked')}</span>
            ) : (
              <DaysLeft {...certificate} />
            )}
          </span>
        </div>
      ) : null}
    </div>
  )
}

function toggled(folded: ReadonlySet<string>, label: string): ReadonlySet<string> {
  const others = [...folded].filter((each) => each !== label)
  return new Set(folded.has(label) ? others : [...others, label])
}
