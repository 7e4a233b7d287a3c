import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useStore } from 'zustand'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { PageLayout } from '../../ui/primitives/page-layout.tsx'
import { EmptyState, ErrorPanel, LoadingRows } from '../../ui/feedback/feedback.tsx'
import { checkTrail } from './actions.ts'
import { CheckResult } from './check-result.tsx'
import { Search } from './search.tsx'
import type { Trail } from './trail.ts'
import { TrailList } from './trail-list.tsx'
import { useTrail } from './use-trail.ts'

export function Page() {
  const { t } = useTranslation('activity')
  const trail = useTrail()
  const filled = useStore(trail.store, (state) => state.rows.length > 0)
  return (
    <PageLayout
      title={t('title')}
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
  const { t } = useTranslation('activity')
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
          {t('empty.action')}
        </Button>
      }
    />
  )
}
