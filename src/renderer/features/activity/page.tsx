import { Button, CloseButton } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useStore } from 'zustand'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { checkTrail } from './actions.ts'
import type { Trail } from './trail.ts'
import { TrailList } from './trail-list.tsx'
import { useTrail, activityView } from './use-trail.ts'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import classes from './activity.module.css'
import { useListView, useViewAddress } from '../../ui/views/list-view.ts'
import { SavedViews } from '../../ui/views/saved-views.tsx'
import { SearchField } from '../../ui/lists/search-field.tsx'

export function Page() {
  const { t } = useTranslation(['activity', 'app'])
  const trail = useTrail()
  const filled = useStore(trail.store, (state) => state.rows.length > 0)
  return (
    <PageLayout
      title={t('app:sections.activity')}
      description={t('description')}
      actions={filled ? <CheckButton trail={trail} /> : null}
    >
      <CheckResult trail={trail} />
      {filled ? <Search /> : null}
      <Content trail={trail} />
    </PageLayout>
  )
}

function CheckButton({ trail }: { trail: Trail }) {
  const checking = useStore(trail.store, (state) => state.checking)
  return <ActionButton action={checkTrail} variant="default" busy={checking} act={() => void trail.check()} />
}

function Content({ trail }: { trail: Trail }) {
  const { t } = useTranslation(['activity', 'domains'])
  const problem = useStore(trail.store, (state) => state.problem)
  const waiting = useStore(trail.store, (state) => state.waiting)
  const empty = useStore(trail.store, (state) => state.rows.length === 0)
  if (empty && problem) return <ErrorPanel title={t('problem')} error={problem} />
  if (waiting) return <LoadingRows rows={8} height={44} />
  if (!empty) return <TrailList trail={trail} />
  return (
    <EmptyState
      icon={<IconHistory size={28} stroke={1.5} />}
      title={t('empty.title')}
      text={t('empty.text')}
      action={
        <Button component={Link} href="/domains/+">
          {t('domains:add.title')}
        </Button>
      }
    />
  )
}

/** Result of verifying the whole audit trail, announced to screen readers. */
function CheckResult({ trail }: { trail: Trail }) {
  const { t } = useTranslation(['activity', 'ui'])
  const verdict = useStore(trail.store, (state) => state.verdict)
  const problem = useStore(trail.store, (state) => state.verdictProblem)
  const close = () => trail.store.setState({ verdict: null })
  if (problem) return <ErrorPanel error={problem} />
  return (
    <div role="status" className={classes.check}>
      {verdict ? (
        <div className={classes.verdict} data-ok={verdict.ok}>
          <VerdictRow
            verdict={verdict.ok ? 'yes' : 'no'}
            label={
              verdict.ok
                ? t('check.ok', { count: verdict.rows })
                : t('check.broken', { row: verdict.brokenAt })
            }
            reason={
              verdict.ok
                ? t('check.okText')
                : t('check.brokenText', { row: verdict.brokenAt, reason: verdict.reason })
            }
          />
          <CloseButton size="sm" aria-label={t('ui:close')} onClick={close} />
        </div>
      ) : null}
    </div>
  )
}

function Search() {
  const { t } = useTranslation(['activity', 'traffic'])
  const { search } = useListView(activityView)
  useViewAddress(activityView)
  return (
    <div className="row gap-8">
      <SearchField
        className={classes.search}
        label={t('search.label')}
        placeholder={t('search.placeholder')}
        clearLabel={t('traffic:search.clear')}
        value={search}
        onChange={(typed) => activityView.set({ search: typed })}
      />
      <SavedViews view={activityView} />
    </div>
  )
}
