import { Anchor, Group, SegmentedControl, Table } from '@mantine/core'
import { IconCalendar } from '@tabler/icons-react'
import { useState, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { calendarFile } from '../../../../domain/calendar-file.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { downloadText } from '../../../ui/primitives/download.ts'
import { BackLink, PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows, useCall } from '../../../ui/feedback/feedback.tsx'
import { saveCalendar } from '../actions.ts'
import { listPath, certificatePath } from '../paths.ts'
import classes from '../certificates.module.css'
import { MonthList } from './month-list.tsx'
import type { EdgekeepError } from '../../../../contract/errors/registry.ts'
import type { RenewalCalendar, LifetimeForecast } from '../../../../contract/issuing/renewal-calendar.ts'
import { useCertificates, useClient, useConnection } from '../../../connection/engine-context.tsx'
import { shortDate } from '../../../ui/primitives/time.tsx'

const spans = ['6', '12', '24', '36'] as const

/** Calendar of renewals and of upcoming lifetime rules. */
export function CalendarPage() {
  const { t } = useTranslation(['certificates', 'app'])
  const [span, setSpan] = useState<(typeof spans)[number]>('12')
  const { calendar, error } = useCalendar(Number(span))
  const save = () => {
    if (calendar) downloadText('edgekeep-renewals.ics', 'text/calendar', calendarFile(calendar))
  }
  return (
    <PageLayout
      title={t('calendar.title')}
      description={t('calendar.description')}
      back={<BackLink href={listPath}>{t('app:sections.certificates')}</BackLink>}
      actions={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t('calendar.span')}
            value={span}
            onChange={(value) => setSpan(spans.find((each) => each === value) ?? '12')}
            data={spans.map((value) => ({ value, label: t('calendar.months', { count: Number(value) }) }))}
          />
          <ActionButton action={saveCalendar} variant="default" disabled={calendar === null} act={save} />
        </Group>
      }
    >
      {error ? <ErrorPanel error={error} title={t('calendar.failed')} /> : null}
      {calendar === null && !error ? <LoadingRows rows={6} height={36} /> : null}
      {calendar?.forecasts.length === 0 ? (
        <EmptyState
          icon={<IconCalendar size={26} stroke={1.5} />}
          title={t('calendar.empty')}
          text={t('calendar.emptyText')}
        />
      ) : null}
      {calendar && calendar.forecasts.length > 0 ? (
        <>
          <Section title={t('calendar.forecast')} description={t('calendar.forecastText')}>
            <ForecastList forecasts={calendar.forecasts} />
          </Section>
          <Section title={t('calendar.coming')} description={t('calendar.comingText')}>
            {calendar.entries.length + calendar.rules.length === 0 ? <p>{t('calendar.nothing')}</p> : null}
            <MonthList calendar={calendar} />
          </Section>
        </>
      ) : null}
    </PageLayout>
  )
}

const settledMs = 200

/** Renewal calendar, reloaded when the vault's certificates change. */
function useCalendar(months: number): {
  calendar: RenewalCalendar | null
  error: EdgekeepError | null
} {
  const client = useClient()
  const connected = useConnection() === 'connected'
  const certificates = useCertificates((state) => state.items)
  const { run, error } = useCall()
  const [calendar, setCalendar] = useState<RenewalCalendar | null>(null)
  useEffect(() => {
    if (!connected) return
    let isCurrent = true
    const read = async () => {
      const answer = await run(() => client.renewal.calendar({ months }))
      if (answer && isCurrent) setCalendar(answer)
    }
    // Debounced: renewing a thousand certificates changes the list a thousand times.
    const timer = setTimeout(() => void read(), settledMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, run, months, connected, certificates])
  return { calendar, error }
}

/** Effects of shorter lifetimes, manual renewals first, and the number of unaffected certificates. */
function ForecastList({ forecasts }: { forecasts: readonly LifetimeForecast[] }) {
  const { t } = useTranslation('certificates')
  const changed = forecasts
    .filter(({ stages }) => stages.length > 1)
    .toSorted((a, b) => Number(b.needsPerson) - Number(a.needsPerson))
  const left = forecasts.length - changed.length
  return (
    <>
      {changed.length > 0 ? (
        <Table aria-label={t('calendar.forecast')} verticalSpacing={8} className={classes.forecast}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('table.name')}</Table.Th>
              <Table.Th>{t('calendar.lives')}</Table.Th>
              <Table.Th>{t('calendar.means')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changed.map((forecast) => (
              <ForecastRow key={forecast.certificate.id} forecast={forecast} />
            ))}
          </Table.Tbody>
        </Table>
      ) : null}
      {left > 0 ? <p className="dim flush below-8">{t('calendar.unaffected', { count: left })}</p> : null}
    </>
  )
}

function ForecastRow({ forecast: { certificate, stages, needsPerson } }: { forecast: LifetimeForecast }) {
  const { t, i18n } = useTranslation('certificates')
  return (
    <Table.Tr>
      <Table.Td className={classes.name}>
        <Anchor component={Link} size="sm" href={certificatePath(certificate.id)}>
          {certificate.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <ol className="numbers plain-list">
          {stages.map(({ from, lifeDays, perYear }, at) => (
            <li key={from}>
              {at === 0 ? t('calendar.today') : t('calendar.from', { day: shortDate(from, i18n.language) })}{' '}
              {t('calendar.stage', { days: lifeDays, count: perYear })}
            </li>
          ))}
        </ol>
      </Table.Td>
      <Table.Td>{t(needsPerson ? 'calendar.byHand' : 'calendar.byItself')}</Table.Td>
    </Table.Tr>
  )
}
