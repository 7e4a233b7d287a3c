import { Slider, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ClientTimeline, Timeline, Renewal } from '../../../../contract/inspect/timeline.ts'
import { ErrorPanel, LoadingRows } from '../../../ui/feedback/feedback.tsx'
import { shortDate } from '../../../ui/primitives/time.tsx'
import { VerdictIcon } from '../../../ui/feedback/verdict.tsx'
import type { Inspector } from '../inspector.ts'
import { useTimeline } from '../use-asked.ts'
import classes from '../verdicts.module.css'
import { dayMs, span, verdictAt } from './verdict-at.ts'

/** Verdict of each client on any future day, with the certificate that expires first. */
export function TimeMachine({ inspector }: { inspector: Inspector }) {
  const { result, busy, problem } = useTimeline(inspector)
  if (problem) return <ErrorPanel error={problem} />
  if (!result) return busy ? <LoadingRows rows={6} height={40} /> : null
  return (
    <>
      <Machine key={result.fingerprintSha256} timeline={result} />
      <RenewalNote renewal={result.renewal} />
    </>
  )
}

function Machine({ timeline }: { timeline: Timeline }) {
  const { t, i18n } = useTranslation('inspector')
  const { from, until } = span(timeline)
  const [at, setAt] = useState(from)
  const day = (time: number) => shortDate(new Date(time).toISOString(), i18n.language)
  const accepting = timeline.clients.filter((client) => verdictAt(client, at).ok)
  return (
    <div className="stack gap-10">
      <div className="row gap-16">
        <Slider
          className={classes.slider}
          thumbLabel={t('time.slider')}
          min={from}
          max={until}
          step={dayMs}
          value={at}
          onChange={setAt}
          // The date is shown beside the slider.
          label={null}
          marks={timeline.marks
            .map((mark) => ({ value: Date.parse(mark.at) }))
            .filter(({ value }) => value <= until)}
          thumbProps={{ 'aria-valuetext': day(at) }}
        />
        <TextInput
          type="date"
          size="xs"
          aria-label={t('time.date')}
          min={isoDay(from)}
          max={isoDay(until)}
          value={isoDay(at)}
          onChange={(event) => {
            const chosen = Date.parse(`${event.currentTarget.value}T12:00:00Z`)
            if (!Number.isNaN(chosen)) setAt(Math.min(until, Math.max(from, chosen)))
          }}
        />
      </div>
      <p className="strong flush" role="status">
        {t('time.sum', { day: day(at), count: accepting.length, total: timeline.clients.length })}
      </p>
      <ul className="plain-list">
        {timeline.clients.map((client) => (
          <Client key={client.client} client={client} at={at} from={from} until={until} />
        ))}
      </ul>
      <Marks timeline={timeline} until={until} onGo={setAt} />
    </div>
  )
}

function Client(props: { client: ClientTimeline; at: number; from: number; until: number }) {
  const { t } = useTranslation('inspector')
  const { client, at, from, until } = props
  const part = (time: number) => ((Math.min(until, Math.max(from, time)) - from) / (until - from)) * 100
  const { ok, stage } = verdictAt(client, at)
  return (
    <li className={classes.client}>
      <VerdictIcon verdict={ok ? 'yes' : 'no'} />
      <div className="grow">
        <div className={classes.clientHead}>
          <span className="semibold">{client.name}</span>
          <span className="dim text-xs flush wrap" title={client.rule.source}>
            {client.rule.sentence}
          </span>
        </div>
        <div className={classes.track} aria-hidden>
          {client.stages.map((each) => (
            <span
              key={each.from}
              className={classes.stage}
              style={{
                left: `${part(Date.parse(each.from))}%`,
                width: `${part(Date.parse(each.until)) - part(Date.parse(each.from))}%`,
              }}
            />
          ))}
          <span className={classes.now} style={{ left: `${part(at)}%` }} />
        </div>
        <div>{client.sentence}</div>
        {stage && client.stages.length > 1 ? (
          <div className="dim text-xs flush wrap">
            {t('time.by', { path: stage.path.map(({ title }) => title).join(' → ') })}
          </div>
        ) : null}
      </div>
    </li>
  )
}

function Marks(props: { timeline: Timeline; until: number; onGo: (time: number) => void }) {
  const { t, i18n } = useTranslation('inspector')
  const { timeline, until, onGo } = props
  if (timeline.marks.length === 0) return null
  return (
    <section aria-label={t('time.marks')}>
      <h4 className={classes.timeHeading}>{t('time.marks')}</h4>
      <ul className={classes.marks}>
        {timeline.marks.map((mark) => (
          <li key={`${mark.at} ${mark.sentence}`}>
            {Date.parse(mark.at) <= until ? (
              <button type="button" className={classes.go} onClick={() => onGo(Date.parse(mark.at))}>
                {shortDate(mark.at, i18n.language)}
              </button>
            ) : (
              <span>{shortDate(mark.at, i18n.language)}</span>
            )}
            <span>{mark.sentence}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function isoDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function RenewalNote({ renewal }: { renewal: Renewal }) {
  const { t, i18n } = useTranslation('inspector')
  const { sentence, schedule, reference, renewAt, applies } = renewal
  const then = schedule.findLast(({ from }) => from <= renewAt)
  return (
    <section className={classes.renewal} aria-label={t('time.renewal')}>
      <h4 className={classes.timeHeading}>{t('time.renewal')}</h4>
      <p className="flush above-8">{sentence}</p>
      {applies ? (
        <>
          <ol className={classes.schedule}>
            {schedule.map((step) => (
              <li key={step.from} data-then={step === then}>
                <span>{t('time.from', { day: shortDate(step.from, i18n.language) })}</span>
                <strong>{t('time.days', { count: step.days })}</strong>
              </li>
            ))}
          </ol>
          <p className="dim text-xs flush wrap">{reference}</p>
        </>
      ) : null}
    </section>
  )
}
