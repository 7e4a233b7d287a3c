import { Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowsLeftRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useDomains, useEngineStatus } from '../../connection/engine-context.tsx'
import { EmptyState, NothingPasses } from '../../ui/feedback/feedback.tsx'
import classes from './traffic.module.css'
import { useTrafficView } from './view-store.ts'

export function NothingYet() {
  const { t } = useTranslation('traffic')
  const first = useDomains((state) => state.items[0])
  return (
    <EmptyState
      icon={<IconArrowsLeftRight size={26} stroke={1.5} />}
      title={t('empty.title')}
      text={t(first ? 'empty.text' : 'empty.noDomain')}
      action={
        <Button component={Link} href={first ? `/domains/${encodeURIComponent(first.name)}` : '/domains/+'}>
          {first ? t('empty.open', { domain: first.displayName }) : t('empty.add')}
        </Button>
      }
    />
  )
}

export function NoneFound() {
  const { t } = useTranslation('traffic')
  const clear = useTrafficView((state) => state.clear)
  return (
    <NothingPasses
      title={t('nothing.title')}
      text={t('nothing.text')}
      clear={{ label: t('nothing.clear'), run: clear }}
    />
  )
}

export function EdgeDown() {
  const { t } = useTranslation('traffic')
  const edge = useEngineStatus((state) => state.value?.edge)
  if (!edge || edge.state === 'running') return null
  return (
    <div className={classes.down} role="status">
      <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
      <span>
        <strong>
          {t(edge.state === 'restarting' || edge.state === 'starting' ? 'down.soon' : 'down.title')}
        </strong>{' '}
        {edge.problem?.message ?? t('down.text')}
      </span>
    </div>
  )
}
