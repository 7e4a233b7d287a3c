import { SegmentedControl, Select } from '@mantine/core'
import { memo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readableName } from '../../../contract/text/readable-name.ts'
import type { TrafficRow } from '../../../contract/traffic/traffic.ts'
import { ActionButton, ActionKey } from '../../ui/actions/action-button.tsx'
import { useOffer } from '../../ui/actions/offers.ts'
import { useListView } from '../../ui/views/list-view.ts'
import { SavedViews } from '../../ui/views/saved-views.tsx'
import { SearchField } from '../../ui/lists/search-field.tsx'
import { pauseTraffic, searchTraffic } from './actions.ts'
import { choicesIn, kinds, outcomes, trafficView, type Choices, type Kind, type Outcome } from './filter.ts'
import classes from './traffic.module.css'
import { type PausableRows, useTrafficPause } from './use-traffic.ts'

export function FilterBar(props: {
  rows: readonly TrafficRow[]
  found: number
  notShown: number
  pause: PausableRows['pause']
  fresh: number
}) {
  return (
    <div className={classes.bar}>
      <Filters choices={useChoices(props.rows)} />
      <Summary {...props} />
    </div>
  )
}

/** Keeps its identity while the choices are equal, so that new rows do not re-render the controls. */
function useChoices(rows: readonly TrafficRow[]): Choices {
  const [choices, setChoices] = useState<Choices>({ domains: [], methods: [] })
  const now = choicesIn(rows)
  const isSame =
    now.domains.join() === choices.domains.join() && now.methods.join() === choices.methods.join()
  if (!isSame) setChoices(now)
  return isSame ? choices : now
}

const Filters = memo(function Filters({ choices }: { choices: Choices }) {
  const { t } = useTranslation('traffic')
  const filter = useListView(trafficView)
  return (
    <div className={classes.filters}>
      <Pause />
      <SegmentedControl<Kind>
        size="xs"
        aria-label={t('filter.kind')}
        value={filter.kind}
        onChange={(kind) => trafficView.set({ kind })}
        data={kinds.map((value) => ({ value, label: t(`filter.${value}`) }))}
      />
      <Choice
        label={t('filter.domain')}
        value={filter.domain}
        data={choices.domains.map((value) => ({ value, label: readableName(value) }))}
        onChange={(domain) => trafficView.set({ domain })}
      />
      <Choice
        label={t('filter.outcome')}
        value={filter.outcome}
        data={outcomes.map((value) => ({ value, label: t(`outcome.${value}`) }))}
        onChange={(outcome) => trafficView.set({ outcome: outcome as Outcome | '' })}
      />
      <Choice
        label={t('filter.method')}
        value={filter.method}
        data={choices.methods}
        onChange={(method) => trafficView.set({ method })}
      />
      <Search />
      <SavedViews view={trafficView} />
    </div>
  )
})

function Pause() {
  const { t } = useTranslation('traffic')
  const paused = useTrafficPause((state) => state.paused)
  const setPaused = useTrafficPause((state) => state.setPaused)
  return (
    <ActionButton
      action={pauseTraffic}
      variant={paused ? 'light' : 'default'}
      pressed={paused}
      label={t(paused ? 'pause.resume' : 'pause.pause')}
      act={() => setPaused(!paused)}
    />
  )
}

function Choice(props: {
  label: string
  value: string
  data: (string | { value: string; label: string })[]
  onChange: (value: string) => void
}) {
  return (
    <Select
      size="xs"
      className={classes.choice}
      aria-label={props.label}
      placeholder={props.label}
      clearable
      data={props.data}
      value={props.value || null}
      onChange={(value) => props.onChange(value ?? '')}
    />
  )
}

function Search() {
  const { t } = useTranslation('traffic')
  const { search } = useListView(trafficView)
  const field = useRef<HTMLInputElement>(null)
  useOffer(searchTraffic, { act: () => field.current?.focus() })
  return (
    <SearchField
      ref={field}
      className={classes.search}
      label={t('search.label')}
      placeholder={t('search.placeholder')}
      clearLabel={t('search.clear')}
      hint={<ActionKey name={searchTraffic.key ?? ''} />}
      value={search}
      onChange={(value) => trafficView.set({ search: value })}
    />
  )
}

/** Not a live region: it changes ten times per second. */
function Summary(props: { found: number; notShown: number; pause: PausableRows['pause']; fresh: number }) {
  const { t } = useTranslation('traffic')
  const { found, notShown, pause, fresh } = props
  const parts = [
    t('summary.rows', { count: found }),
    pause === 'no' ? null : t(`summary.${pause}`),
    fresh > 0 ? t('summary.fresh', { count: fresh }) : null,
    notShown > 0 ? t('summary.notShown', { count: notShown }) : null,
  ]
  return <div className={classes.summary}>{parts.filter((part) => part !== null).join(' · ')}</div>
}
