import { Anchor, Button } from '@mantine/core'
import { IconAlertTriangle, IconBell, IconDots, IconGavel, IconRefresh, type Icon } from '@tabler/icons-react'
import { useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { CalendarEntry, RenewalCalendar } from '../../../../contract/issuing/renewal-calendar.ts'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { certificatePath } from '../paths.ts'
import classes from '../certificates.module.css'
import { type CalendarLine, type CalendarMonth, monthsOf } from './months.ts'

const mostShown = 12

const icons: Record<CalendarEntry['kind'], Icon> = {
  renew: IconRefresh,
  remind: IconBell,
  end: IconAlertTriangle,
}

/** Calendar by month; long months are collapsed. */
export function MonthList({ calendar }: { calendar: RenewalCalendar }) {
  return monthsOf(calendar).map((month) => <Month key={month.month} month={month} />)
}

function Month({ month: { month, lines, completeUntil } }: { month: CalendarMonth }) {
  const { t, i18n } = useTranslation(['certificates', 'intake'])
  const [all, setAll] = useState(false)
  const shown = all ? lines : lines.slice(0, mostShown)
  const name = new Intl.DateTimeFormat(i18n.language, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`))
  return (
    <section className={classes.month} aria-label={name}>
      <h3 className={classes.monthName}>{name}</h3>
      <ol className="plain-list">
        {shown.map((line) => (
          <Line key={keyOf(line)} line={line} />
        ))}
        {lines.length > shown.length ? (
          <li>
            <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
              {t('intake:more', { count: lines.length - shown.length })}
            </Button>
          </li>
        ) : null}
        {completeUntil === null ? null : (
          <li className={classes.stops}>
            <IconDots size={16} stroke={1.7} className={classes.sign} aria-hidden />
            {t('calendar.cut', { day: shortDate(completeUntil, i18n.language) })}
          </li>
        )}
      </ol>
    </section>
  )
}

function keyOf(line: CalendarLine): string {
  if ('rule' in line) return `${line.rule.of} ${line.at}`
  const { kind, certificate, generation } = line.entry
  return `${kind} ${certificate.id} ${generation}`
}

function Line({ line }: { line: CalendarLine }) {
  const { t } = useTranslation('certificates')
  if ('rule' in line) {
    const { of, days } = line.rule
    return (
      <LineParts at={line.at} icon={IconGavel} tone="rule">
        <span>{t(`calendar.rule.${of}`, { days })}</span>
      </LineParts>
    )
  }
  const { kind, certificate, generation } = line.entry
  return (
    <LineParts at={line.at} icon={icons[kind]} tone={generation > 0 ? 'foreseen' : kind}>
      <Anchor
        component={Link}
        size="sm"
        href={certificatePath(certificate.id)}
        title={certificate.covers.join(', ')}
      >
        {certificate.name}
      </Anchor>
      <span className="dim">{formatEntry(line.entry, t)}</span>
    </LineParts>
  )
}

function formatEntry(
  { kind, generation, lifeDays, repeats }: CalendarEntry,
  t: TFunction<'certificates'>,
): string {
  const life = lifeDays === null ? '' : formatLife(lifeDays, t)
  if (generation === 0) return t(`calendar.${kind}`, { life })
  if (!repeats) return t('calendar.again', { life })
  const every = formatLife(repeats.everyMinutes / minutesPerDay, t)
  return t('calendar.repeats', { every })
}

const minutesPerDay = 24 * 60

/** Rounds, because certificates are backdated by an hour: one of 30 days lasts 30.04. */
function formatLife(days: number, t: TFunction<'certificates'>): string {
  if (days * 24 < 2) return t('calendar.lifeMinutes', { count: Math.round(days * minutesPerDay) })
  return days < 2
    ? t('calendar.lifeHours', { count: Math.round(days * 24) })
    : t('calendar.life', { count: Math.round(days) })
}

function LineParts(props: { at: string; icon: Icon; tone: string; children: React.ReactNode }) {
  const { at, icon: Sign, tone } = props
  return (
    <li className={classes.line} data-tone={tone}>
      <time dateTime={at.slice(0, 10)} className={classes.day}>
        {Number(at.slice(8, 10))}
      </time>
      <Sign size={16} stroke={1.7} className={classes.sign} aria-hidden />
      <div className={classes.words}>{props.children}</div>
    </li>
  )
}
