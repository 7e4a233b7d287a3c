import { SegmentedControl, Table } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UsageReport } from '../../../contract/usage/usage.ts'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { BarChart, type Series } from './bar-chart.tsx'
import { formatSize } from '../../../contract/text/format-size.ts'
import { formatNumber } from '../../../contract/text/count.ts'
import { formatCompact, formatStep } from './numbers.ts'
import classes from './usage.module.css'

const measures = ['requests', 'bytes'] as const
type Measure = (typeof measures)[number]

/** Usage over time as a chart, with its data as a collapsed table. */
export function OverTime({ report }: { report: UsageReport }) {
  const { t, i18n } = useTranslation('usage')
  const [measure, setMeasure] = useState<Measure>('requests')
  const { step, steps, zone } = report
  const locale = i18n.language
  const spansDays =
    step !== 'day' && new Date(report.to).getTime() - new Date(report.from).getTime() > 25 * 3600_000
  const series: [Series, Series] =
    measure === 'requests'
      ? [
          { name: t('series.https'), tone: 'strong', values: steps.map(({ https }) => https) },
          { name: t('series.http'), tone: 'soft', values: steps.map(({ http }) => http) },
        ]
      : [
          { name: t('series.out'), tone: 'strong', values: steps.map(({ bytesOut }) => bytesOut) },
          { name: t('series.in'), tone: 'soft', values: steps.map(({ bytesIn }) => bytesIn) },
        ]
  const format = (value: number) =>
    measure === 'requests' ? formatNumber(value, locale) : formatSize(value, locale)
  const times = steps.map(({ at }) => ({
    short: formatStep(at, spansDays ? 'day' : step, locale, step === 'day' ? { zone } : {}),
    whole: formatStep(at, step, locale, { withDay: true, zone }),
  }))
  return (
    <Section
      title={t(`overTime.${measure}`)}
      description={t(`overTime.${step}`)}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('overTime.measure')}
          data={measures.map((each) => ({ value: each, label: t(`measures.${each}`) }))}
          value={measure}
          onChange={(value) => setMeasure(value as Measure)}
        />
      }
    >
      <BarChart
        label={t('overTime.chart', { first: times[0]?.whole, last: times.at(-1)?.whole })}
        series={series}
        steps={times}
        format={format}
        formatRound={(value) =>
          measure === 'requests' ? formatCompact(value, locale) : formatSize(value, locale)
        }
      />
      <details className={classes.fold}>
        <summary>{t('overTime.table')}</summary>
        <Table className={classes.table} aria-label={t(`overTime.${measure}`)}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t('overTime.time')}</Table.Th>
              {series.map(({ name }) => (
                <Table.Th key={name} scope="col" data-number>
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {steps.map(({ at }, row) => (
              <Table.Tr key={at}>
                <Table.Th scope="row">{times[row]?.whole}</Table.Th>
                {series.map(({ name, values }) => (
                  <Table.Td key={name} data-number>
                    {format(values[row] ?? 0)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </Section>
  )
}
