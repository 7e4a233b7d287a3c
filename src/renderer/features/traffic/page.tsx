import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { ErrorPanel, LoadingRows, EmptyState, NothingPasses } from '../../ui/feedback/feedback.tsx'
import { DetailPane } from './detail-pane.tsx'
import { useListView, useViewAddress } from '../../ui/views/list-view.ts'
import { chooseRows, trafficView } from './filter.ts'
import { FilterBar } from './filter-bar.tsx'
import { PageActions } from './page-actions.tsx'
import classes from './traffic.module.css'
import { TrafficTable } from './traffic-table.tsx'
import { usePausableRows, useTraffic } from './use-traffic.ts'
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowsLeftRight } from '@tabler/icons-react'
import { Link } from 'wouter'
import { useDomains, useEngineStatus } from '../../connection/engine-context.tsx'
import type { Domain } from '../../../contract/domains/domains.ts'
import { Note } from '../../ui/primitives/note.tsx'

/** Live traffic of the edge: the list, and one exchange beside it. */
export function Page() {
  const { t } = useTranslation(['traffic', 'app'])
  // Local state, so that leaving the page masks everything again.
  const [reveal, setReveal] = useState(false)
  const [opened, setOpened] = useState<number | null>(null)
  const store = useTraffic(reveal)
  const problem = useStore(store, (state) => state.problem)
  const waiting = useStore(store, (state) => state.status === 'waiting')
  const rows = useStore(store, (state) => state.rows)
  const notShown = useStore(store, (state) => state.notShown)
  const filter = useListView(trafficView)
  useViewAddress(trafficView)
  const { shown, pause, setLooking, fresh } = usePausableRows(rows)
  const chosen = useMemo(() => chooseRows(shown, filter), [shown, filter])
  const latest = useRef(chosen)
  useEffect(() => {
    latest.current = chosen
  })
  const listed = useCallback(() => latest.current, [])
  const close = useCallback(() => setOpened(null), [])
  return (
    <PageLayout
      title={t('app:sections.traffic')}
      description={t('description')}
      actions={<PageActions reveal={reveal} onReveal={setReveal} any={chosen.length > 0} listed={listed} />}
    >
      {problem ? <ErrorPanel title={t('problem')} error={problem} /> : null}
      {waiting && !problem ? <LoadingRows rows={10} height={28} /> : null}
      {waiting ? null : (
        <div className={classes.content}>
          <EdgeDown />
          <FilterBar rows={shown} found={chosen.length} notShown={notShown} pause={pause} fresh={fresh} />
          <div className={classes.panes} data-opened={opened !== null}>
            {chosen.length > 0 ? (
              <TrafficTable rows={chosen} opened={opened} onOpen={setOpened} onLooking={setLooking} />
            ) : (
              <div className={classes.nothing}>{rows.length === 0 ? <NothingYet /> : <NoneFound />}</div>
            )}
            {opened === null ? null : <DetailPane key={opened} id={opened} reveal={reveal} onClose={close} />}
          </div>
        </div>
      )}
    </PageLayout>
  )
}

function NothingYet() {
  const { t } = useTranslation(['traffic', 'domains'])
  const first = useDomains(({ items }) => firstByName(items))
  return (
    <EmptyState
      icon={<IconArrowsLeftRight size={26} stroke={1.5} />}
      title={t('empty.title')}
      text={t(first ? 'empty.text' : 'empty.noDomain')}
      action={
        <Button component={Link} href={first ? `/domains/${encodeURIComponent(first.name)}` : '/domains/+'}>
          {first ? t('empty.open', { domain: first.displayName }) : t('domains:add.title')}
        </Button>
      }
    />
  )
}

/** The order of the rows themselves depends on how they arrived. */
function firstByName(domains: readonly Domain[]): Domain | undefined {
  return domains.reduce<Domain | undefined>(
    (first, each) => (first === undefined || each.name < first.name ? each : first),
    undefined,
  )
}

function NoneFound() {
  const { t } = useTranslation('traffic')
  return (
    <NothingPasses
      title={t('nothing.title')}
      text={t('nothing.text')}
      clear={{ label: t('nothing.clear'), run: trafficView.clear }}
    />
  )
}

function EdgeDown() {
  const { t } = useTranslation('traffic')
  const edge = useEngineStatus((state) => state.value?.edge)
  if (!edge || edge.state === 'running') return null
  return (
    <Note tone="caution" role="status" className="above-12">
      <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
      <span>
        <strong>
          {t(edge.state === 'restarting' || edge.state === 'starting' ? 'down.soon' : 'down.title')}
        </strong>{' '}
        {edge.problem?.message ?? t('down.text')}
      </span>
    </Note>
  )
}
