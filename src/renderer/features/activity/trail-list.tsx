import { Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { AuditRow } from '../../../contract/audit/audit.ts'
import { useCertificates, useDomains } from '../../connection/engine-context.tsx'
import { ErrorPanel } from '../../ui/feedback/feedback.tsx'
import { ListRows } from '../../ui/lists/visible-rows.tsx'
import { useNow } from '../../ui/primitives/window-clock.ts'
import classes from './activity.module.css'
import { byDay, formatDay } from './days.ts'
import type { Names } from './entry.ts'
import { searchText, TrailRow } from './trail-row.tsx'
import { pageSize, searchPage, type Trail } from './trail.ts'
import { useListView } from '../../ui/views/list-view.ts'
import { useNames, activityView } from './use-trail.ts'

/** Rows grouped by day. A search loads older rows until it fills a page. */
export function TrailList({ trail }: { trail: Trail }) {
  const { t } = useTranslation('activity')
  const names = useNames(trail)
  const search = useListView(activityView).search.trim().toLowerCase()
  const rows = useStore(trail.store, (state) => state.rows)
  const shown = useMemo(
    () => (search === '' ? rows : rows.filter((row) => searchText(t, row, names).includes(search))),
    [rows, search, names, t],
  )
  const { more, searching } = useMore(trail, search, shown.length)
  const problem = useStore(trail.store, (state) => state.problem)
  const complete = useStore(trail.store, (state) => state.complete)
  const nothing = search !== '' && shown.length === 0 && complete
  return (
    <>
      <div role="status" className={classes.found}>
        {searching ? t('search.searching') : null}
        {nothing ? t('search.none', { search }) : null}
        {!searching && !nothing && search !== '' ? t('search.found', { count: shown.length }) : null}
      </div>
      <Days rows={shown} names={names} trail={trail} />
      {problem ? <ErrorPanel error={problem} /> : null}
      <Foot trail={trail} onMore={more} />
    </>
  )
}

/** Loads older rows on request, and automatically while a search has less than a page of results. */
function useMore(trail: Trail, search: string, found: number) {
  const busy = useStore(trail.store, (state) => state.busy)
  const complete = useStore(trail.store, (state) => state.complete)
  const failed = useStore(trail.store, (state) => state.problem !== null)
  const [wanted, setWanted] = useState({ search, count: pageSize })
  const enough = wanted.search === search ? wanted.count : pageSize
  const searching = search !== '' && found < enough && !complete && !failed
  useEffect(() => {
    if (searching && !busy) void trail.loadOlder(searchPage)
  }, [searching, busy, trail])
  const more = () => {
    if (search === '') void trail.loadOlder()
    else setWanted({ search, count: found + pageSize })
  }
  return { more, searching }
}

function Days({ rows, names, trail }: { rows: readonly AuditRow[]; names: Names; trail: Trail }) {
  const { t, i18n } = useTranslation('activity')
  const now = useNow()
  const days = useMemo(() => byDay(rows), [rows])
  const firstOf = useMemo(() => new Map(days.map(({ rows: [first], at }) => [first, at])), [days])
  const lastOf = useMemo(() => new Set(days.map((day) => day.rows.at(-1))), [days])
  const brokenAt = useStore(trail.store, (state) => state.verdict?.brokenAt ?? null)
  const isGone = useGone()
  return (
    <div role="group" aria-label={t('label')}>
      <ol className="plain-list">
        <ListRows items={rows} keyOf={({ sequence }) => sequence} height={47}>
          {(row, attributes) => {
            const day = firstOf.get(row)
            return (
              <TrailRow
                row={row}
                names={names}
                gone={isGone(row)}
                broken={row.sequence === brokenAt}
                day={day === undefined ? null : formatDay(day, now, i18n.language)}
                isLast={lastOf.has(row)}
                attributes={attributes}
              />
            )
          }}
        </ListRows>
      </ol>
    </div>
  )
}

/** Returns a predicate that is true if the subject of a row no longer exists, so that no link leads to it. */
function useGone(): (row: AuditRow) => boolean {
  const domains = useDomains((state) => state.items)
  const certificates = useCertificates((state) => state.items)
  return useMemo(() => {
    const there = new Set([...domains.map(({ name }) => name), ...certificates.map(({ id }) => id)])
    return ({ subject }: AuditRow) => !there.has(subject)
  }, [domains, certificates])
}

function Foot({ trail, onMore }: { trail: Trail; onMore: () => void }) {
  const { t } = useTranslation(['activity', 'ui'])
  const busy = useStore(trail.store, (state) => state.busy)
  const complete = useStore(trail.store, (state) => state.complete)
  return (
    <div className={classes.foot}>
      {complete ? (
        <span>{t('end')}</span>
      ) : (
        <Button variant="default" loading={busy} onClick={onMore}>
          {t('ui:more')}
        </Button>
      )}
    </div>
  )
}
