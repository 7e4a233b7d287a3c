import { Button } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { UsageReport, UsageCounts } from '../../../contract/usage/usage.ts'
import { useDomains } from '../../connection/engine-context.tsx'
import { PageLayout, Section } from '../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows, useSlow } from '../../ui/feedback/feedback.tsx'
import { ByDomain } from './by-domain.tsx'
import { OverTime } from './over-time.tsx'
import { SetPriceButton } from './price.tsx'
import { Tiles } from './tiles.tsx'
import { CsvButton, Toolbar } from './toolbar.tsx'
import classes from './usage.module.css'
import type { Usage } from './usage-state.ts'
import { useUsage, useUsageState } from './use-usage.ts'
import { formatNumber } from '../../../contract/text/count.ts'

export function Page() {
  const { t } = useTranslation(['usage', 'app'])
  const usage = useUsage()
  return (
    <PageLayout
      title={t('app:sections.usage')}
      description={t('description')}
      actions={
        <>
          <SetPriceButton usage={usage} />
          <CsvButton usage={usage} />
        </>
      }
    >
      <Toolbar usage={usage} />
      <Content usage={usage} />
    </PageLayout>
  )
}

function Content({ usage }: { usage: Usage }) {
  const { t } = useTranslation(['usage', 'ui'])
  const report = useUsageState(usage, (state) => state.report)
  const problem = useUsageState(usage, (state) => state.problem)
  const slow = useSlow(useUsageState(usage, (state) => state.busy))
  if (problem) {
    const again = { label: t('ui:again'), run: () => void usage.refresh() }
    return <ErrorPanel title={t('problem')} error={problem} action={again} />
  }
  if (!report) return <LoadingRows rows={6} height={56} />
  if (isEmpty(report)) return <NothingServed />
  return (
    <div className={classes.content} aria-busy={slow} data-busy={slow || undefined}>
      <Tiles report={report} />
      <OverTime report={report} />
      <ByDomain report={report} />
      <Breakdown total={report.total} />
    </div>
  )
}

function isEmpty({ total: { http, https, handshakes } }: UsageReport): boolean {
  return http + https + handshakes.full + handshakes.resumed + handshakes.refused === 0
}

function NothingServed() {
  const { t } = useTranslation(['usage', 'domains'])
  const hasDomains = useDomains((state) => state.items.length > 0)
  return (
    <EmptyState
      icon={<IconChartBar size={28} stroke={1.5} />}
      title={t('empty.title')}
      text={t(hasDomains ? 'empty.text' : 'empty.noDomains')}
      action={
        <Button component={Link} href={hasDomains ? '/domains' : '/domains/+'}>
          {t(hasDomains ? 'empty.toDomains' : 'domains:add.title')}
        </Button>
      }
    />
  )
}

function Breakdown({ total }: { total: UsageCounts }) {
  const { t } = useTranslation('usage')
  const { answers, tls, versions, handshakes } = total
  return (
    <div className={classes.breakdown}>
      <Parts
        title={t('breakdown.answers')}
        parts={[
          [t('breakdown.successful'), answers.successful],
          [t('breakdown.redirection'), answers.redirection],
          [t('breakdown.clientError'), answers.clientError],
          [t('breakdown.serverError'), answers.serverError],
          ...(answers.informational > 0
            ? [[t('breakdown.informational'), answers.informational] as const]
            : []),
          [t('breakdown.unanswered'), answers.none],
        ]}
      />
      <Parts
        title={t('breakdown.versions')}
        parts={[
          ['HTTP/2', versions.http2],
          ['HTTP/1', versions.http1],
          ['TLS 1.3', tls.tls13],
          ['TLS 1.2', tls.tls12],
        ]}
      />
      <Parts
        title={t('breakdown.handshakes')}
        parts={[
          [t('breakdown.full'), handshakes.full],
          [t('breakdown.resumed'), handshakes.resumed],
          [t('breakdown.refused'), handshakes.refused],
        ]}
      />
    </div>
  )
}

function Parts({ title, parts }: { title: string; parts: readonly (readonly [string, number])[] }) {
  const { i18n } = useTranslation('usage')
  const most = Math.max(1, ...parts.map(([, value]) => value))
  return (
    <Section title={title}>
      <dl className={classes.parts}>
        {parts.map(([name, value]) => (
          <div key={name} className={classes.part}>
            <dt>{name}</dt>
            <dd>{formatNumber(value, i18n.language)}</dd>
            <span className={classes.share} style={{ inlineSize: `${(value / most) * 100}%` }} aria-hidden />
          </div>
        ))}
      </dl>
    </Section>
  )
}
