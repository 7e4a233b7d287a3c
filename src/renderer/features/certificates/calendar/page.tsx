import { Anchor, Group, SegmentedControl } from '@mantine/core'
import { IconArrowLeft, IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { calendarFile } from '../../../../domain/calendar-file.ts'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { downloadText } from '../../../ui/primitives/download.ts'
import { PageLayout, Section } from '../../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { saveCalendar } from '../actions.ts'
import { listPath } from '../paths.ts'
import classes from './calendar.module.css'
import { ForecastList } from './forecast-list.tsx'
import { MonthList } from './month-list.tsx'
import { useCalendar } from './use-calendar.ts'

const spans = ['6', '12', '24', '36'] as const

/** Calendar of renewals and of upcoming lifetime rules. */
export function CalendarPage() {
  const { t } = useTranslation('certificates')
  const [span, setSpan] = useState<(typeof spans)[number]>('12')
  const { calendar, error } = useCalendar(Number(span))
  const save = () => {
    if (calendar) downloadText('edgekeep-renewals.ics', 'text/calendar', calendarFile(calendar))
  }
  return (
    <PageLayout
      title={t('calendar.title')}
      description={t('calendar.description')}
      back={
        <Anchor component={Link} href={listPath} size="sm" className={classes.back}>
          <IconArrowLeft size={14} aria-hidden /> {t('title')}
        </Anchor>
      }
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
