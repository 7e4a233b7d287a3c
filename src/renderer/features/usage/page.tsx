import { Button } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { UsageReport } from '../../../contract/usage/usage.ts'
import { useDomains } from '../../connection/engine-context.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows, useSlow } from '../../ui/feedback/feedback.tsx'
import { Breakdown } from './breakdown.tsx'
import { ByDomain } from './by-domain.tsx'
import { OverTime } from './over-time.tsx'
import { Tiles } from './tiles.tsx'
import { CsvButton, Toolbar } from './toolbar.tsx'
import classes from './usage.module.css'
import type { Usage } from './usage-state.ts'
import { useUsage, useUsageState } from './use-usage.ts'

export function Page() {
  const { t } = useTranslation('usage')
  const usage = useUsage()
  return (
    <PageLayout title={t('title')} description={t('description')} actions={<CsvButton usage={usage} />}>
      <Toolbar usage={usage} />
      <Content usage={usage} />
    </PageLayout>
  )
}

function Content({ usage }: { usage: Usage }) {
  const { t } = useTranslation('usage')
  const report = useUsageState(usage, (state) => state.report)
  const problem = useUsageState(usage, (state) => state.problem)
  const slow = useSlow(useUsageState(usage, (state) => state.busy))
  if (problem) {
    const again = { label: t('again'), run: () => void usage.refresh() }
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
  const { t } = useTranslation('usage')
  const hasDomains = useDomains((state) => state.items.length > 0)
  return (
    <EmptyState
      icon={<IconChartBar size={28} stroke={1.5} />}
      title={t('empty.title')}
      text={t(hasDomains ? 'empty.text' : 'empty.noDomains')}
      action={
        <Button component={Link} href={hasDomains ? '/domains' : '/domains/+'}>
          {t(hasDomains ? 'empty.toDomains' : 'empty.add')}
        </Button>
      }
    />
  )
}
