import { Table } from '@mantine/core'
import { formatDuration } from '../../../domain/duration-text.ts'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { UsageReport } from '../../../contract/usage/usage.ts'
import { useDomains } from '../../connection/engine-context.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { formatSize } from '../../../contract/text/format-size.ts'
import { formatNumber } from '../../../contract/text/count.ts'
import { rowCount, TableRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import classes from './usage.module.css'

const columns = ['domain', 'https', 'http', 'charged', 'out', 'errors', 'latency'] as const

/** Charged requests are shown only once there is a price. */
function columnsOf({ price }: UsageReport) {
  return columns.filter((column) => price !== null || column !== 'charged')
}

/** One row per domain, busiest first. */
export function ByDomain({ report }: { report: UsageReport }) {
  const { t } = useTranslation('usage')
  // Sorted by requests.
  const [busiest] = report.domains
  const most = Math.max(1, busiest ? busiest.http + busiest.https : 0)
  return (
    <Section title={t('byDomain.title')}>
      <div className={classes.scroll}>
        <Table
          className={classes.table}
          aria-label={t('byDomain.title')}
          aria-rowcount={rowCount(report.domains)}
        >
          <Table.Thead>
            <Table.Tr>
              {columnsOf(report).map((column) => (
                <Table.Th key={column} scope="col" data-number={column === 'domain' ? undefined : true}>
                  {t(`byDomain.${column}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <TableRows items={report.domains} keyOf={({ domain }) => domain ?? ''} height={40}>
              {(usage, row) => (
                <Row
                  row={row}
                  usage={usage}
                  share={(usage.http + usage.https) / most}
                  isCharged={report.price !== null}
                />
              )}
            </TableRows>
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  )
}

function Row({
  row,
  usage,
  share,
  isCharged,
}: {
  row: RowAttributes
  usage: UsageReport['domains'][number]
  share: number
  isCharged: boolean
}) {
  const { t, i18n } = useTranslation('usage')
  const locale = i18n.language
  const number = (value: number) => formatNumber(value, locale)
  const { answers, latencyMs } = usage
  return (
    <Table.Tr {...row}>
      <Table.Th scope="row">
        {usage.domain === null ? (
          <span className="dim">{t('byDomain.nobody')}</span>
        ) : (
          <DomainName name={usage.domain} />
        )}
        <span className={classes.share} style={{ inlineSize: `${share * 100}%` }} aria-hidden />
      </Table.Th>
      {[usage.https, usage.http, ...(isCharged ? [usage.charged] : [])].map((value, at) => (
        <Table.Td key={columns[at + 1]} data-number>
          {number(value)}
        </Table.Td>
      ))}
      <Table.Td data-number>{formatSize(usage.bytesOut, locale)}</Table.Td>
      <Table.Td data-number>
        {t('byDomain.errorsOf', {
          client: number(answers.clientError),
          server: number(answers.serverError),
        })}
      </Table.Td>
      <Table.Td data-number>{latencyMs ? formatDuration(latencyMs.p50) : '–'}</Table.Td>
    </Table.Tr>
  )
}

/** Links to the domain if it still exists. */
function DomainName({ name }: { name: string }) {
  const domain = useDomains(({ byKey }) => byKey.get(name))
  if (!domain) return <span>{name}</span>
  return (
    <Link href={`/domains/${encodeURIComponent(name)}`} className="row-link">
      {domain.displayName}
    </Link>
  )
}
