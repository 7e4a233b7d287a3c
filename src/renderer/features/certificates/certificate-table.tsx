import { Table } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CertificateSummary } from '../../../contract/domains/domains.ts'
import { commonNameOf } from '../../../domain/certificate-title.ts'
import { readableName } from '../../../contract/text/readable-name.ts'
import { useCertificates, useDomains } from '../../connection/engine-context.tsx'
import { DaysLeft } from '../../ui/certificate/validity-bar.tsx'
import { SelectAllHead, SelectCell, type Selection } from '../../ui/bulk/selection.tsx'
import classes from './certificates.module.css'
import { SortHead } from '../../ui/views/sort-head.tsx'
import { certificatesView, columns, type Circumstances } from './filter.ts'
import { certificatePath } from './paths.ts'
import { namesInShort } from '../../ui/lists/names-in-short.ts'
import { rowCount, TableRows, type RowAttributes } from '../../ui/lists/visible-rows.tsx'
import { axisFor, type Axis, percentOn, stretchOn } from './timeline.ts'
import { expiringWindowMs, expiryAt } from '../../../domain/expiry.ts'
import { successorsIn } from '../../../domain/successors.ts'

export function CertificateTable(
  props: { certificates: readonly CertificateSummary[]; given: Circumstances } & Selection,
) {
  const { t } = useTranslation('certificates')
  const { certificates, given, ...selection } = props
  const { now, has } = given
  const all = useCertificates(({ items }) => items)
  const isWhole = useCertificates(({ status }) => status !== 'filling')
  const succeeded = useMemo(
    () => new Set(successorsIn({ certificates: all, now }).map(({ old }) => old.id)),
    [all, now],
  )
  const shown = columns.filter((column) => (column !== 'tags' && column !== 'owner') || has[column])
  const ids = useMemo(() => certificates.map(({ id }) => id), [certificates])
  const axis = useMemo(
    () =>
      axisFor(
        certificates.map((each) => each.notAfter),
        now,
      ),
    [certificates, now],
  )
  return (
    <div className={classes.tableBox}>
      <Table
        className={`sticky-head ${classes.table}`}
        highlightOnHover
        aria-label={t('table.label')}
        aria-rowcount={rowCount(certificates, isWhole)}
      >
        <Table.Thead>
          <Table.Tr>
            <SelectAllHead label={t('bulk.selectAll')} keys={ids} {...selection} />
            {shown.map((column) => (
              <SortHead
                key={column}
                view={certificatesView}
                column={column}
                label={t(`table.${column}`)}
                className={classes[`${column}Column`]}
              />
            ))}
            <Table.Th className={classes.timelineColumn}>
              <TimelineAxis axis={axis} now={now} />
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <TableRows items={certificates} keyOf={({ id }) => id} height={57}>
            {(certificate, row) => (
              <CertificateRow
                {...{ certificate, row, axis, given, ...selection }}
                isSucceeded={succeeded.has(certificate.id)}
              />
            )}
          </TableRows>
        </Table.Tbody>
      </Table>
    </div>
  )
}

function CertificateRow(
  props: {
    certificate: CertificateSummary
    row: RowAttributes
    axis: Axis
    given: Circumstances
    /** Another certificate can take over from it. */
    isSucceeded: boolean
  } & Selection,
) {
  const { t } = useTranslation('certificates')
  const { certificate, row, axis, given, isSucceeded, ...selection } = props
  return (
    <Table.Tr {...row} className={classes.row}>
      <SelectCell
        label={t('bulk.select', { name: certificate.name })}
        keys={[certificate.id]}
        {...selection}
      />
      <Table.Td>
        <Link href={certificatePath(certificate.id)} className={classes.rowLink} title={certificate.name}>
          {certificate.name}
        </Link>
        <div className="dim text-xs cut" title={certificate.dnsNames.concat(certificate.ipNames).join(', ')}>
          {namesInShort([...certificate.dnsNames, ...certificate.ipNames], 3)}
        </div>
      </Table.Td>
      <Table.Td className={classes.issuerColumn}>
        <div className="cut" title={certificate.issuer}>
          {certificate.kind === 'free' && certificate.renewal?.by !== 'acme'
            ? t('table.localAuthority')
            : commonNameOf(certificate.issuer)}
        </div>
        <div className="dim text-xs cut">{certificate.keyType}</div>
      </Table.Td>
      {given.has.tags ? (
        <Table.Td className={classes.tagsColumn}>
          <div className="cut" title={certificate.tags.join(', ')}>
            {certificate.tags.join(', ')}
          </div>
        </Table.Td>
      ) : null}
      {given.has.owner ? (
        <Table.Td className={classes.ownerColumn}>
          <div className="cut" title={certificate.owner}>
            {certificate.owner}
          </div>
        </Table.Td>
      ) : null}
      <Table.Td>
        <Uses domains={certificate.usedBy} />
        {!certificate.covering ? <div className="no text-xs medium">{t('table.notCovered')}</div> : null}
      </Table.Td>
      <Table.Td>
        <DaysLeft {...certificate} />
        {certificate.renewal?.failure || certificate.renewal?.held ? (
          <div className="no text-xs medium">{t('table.notRenewed')}</div>
        ) : null}
        {certificate.revoked ? <div className="no text-xs medium">{t('table.revoked')}</div> : null}
        {isSucceeded ? <div className="dim text-xs">{t('successor.there')}</div> : null}
      </Table.Td>
      <Table.Td className={classes.timelineColumn}>
        <TimelineBar axis={axis} certificate={certificate} now={given.now} />
      </Table.Td>
    </Table.Tr>
  )
}

function Uses({ domains }: { domains: readonly string[] }) {
  const { t } = useTranslation('certificates')
  const [first = '', ...others] = domains
  const shown = useDomains(({ byKey }) => byKey.get(first)?.displayName)
  if (domains.length === 0) return <span className="dim">{t('table.unused')}</span>
  return (
    <>
      <div className="cut" title={first}>
        {shown ?? readableName(first)}
      </div>
      {others.length > 0 ? (
        <div className="dim text-xs cut">{t('table.more', { count: others.length })}</div>
      ) : null}
    </>
  )
}

function TimelineAxis({ axis, now }: { axis: Axis; now: Date }) {
  const { t, i18n } = useTranslation('certificates')
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'short', timeZone: 'UTC' })
  return (
    <div className={classes.axis}>
      <span className={classes.today} style={{ left: `${percentOn(axis, now.getTime())}%` }}>
        {t('table.today')}
      </span>
      {axis.ticks.map((tick) => (
        <span key={tick} aria-hidden style={{ left: `${percentOn(axis, tick)}%` }}>
          {month.format(tick)}
        </span>
      ))}
    </div>
  )
}

/** Validity period on the axis: elapsed, remaining, and the part in which it expires. */
function TimelineBar(props: { axis: Axis; certificate: CertificateSummary; now: Date }) {
  const { axis, certificate, now } = props
  const from = Date.parse(certificate.notBefore)
  const until = Date.parse(certificate.notAfter)
  const phase = expiryAt(certificate, now)
  const expiring = Math.max(from, until - expiringWindowMs(until - from))
  const open = until > axis.until
  return (
    <div className={classes.track} data-phase={phase} aria-hidden>
      {until <= axis.from ? <span className={classes.longOver} /> : null}
      <Part axis={axis} from={from} until={until} className={classes.life} open={open} />
      <Part axis={axis} from={expiring} until={until} className={classes.expiring} open={open} />
      <Part axis={axis} from={from} until={Math.min(now.getTime(), until)} className={classes.over} />
      <span className={classes.now} style={{ left: `${percentOn(axis, now.getTime())}%` }} />
    </div>
  )
}

function Part(props: {
  axis: Axis
  from: number
  until: number
  className: string | undefined
  open?: boolean
}) {
  const stretch = stretchOn(props.axis, props.from, props.until)
  if (!stretch) return null
  return (
    <span
      className={props.className}
      data-open={props.open ?? false}
      style={{ left: `${stretch.left}%`, width: `${stretch.width}%` }}
    />
  )
}
