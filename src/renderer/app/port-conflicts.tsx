import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { portConflictMessage } from '../../domain/port-conflict.ts'
import { useEngineStatus } from '../connection/engine-context.tsx'
import { Banner } from './banner.tsx'

/** Banner for a port used by browsers or other programs that another user occupies or occupied. */
export function PortConflicts() {
  const { t } = useTranslation()
  const conflicts = useEngineStatus((state) => state.value?.portConflicts)
  const strangers = conflicts?.filter(({ holder }) => holder.isStranger) ?? []
  if (strangers.length === 0) return null
  return (
    <Banner
      label={t('portConflicts.title')}
      icon={IconAlertTriangle}
      isTrouble
      title={t('portConflicts.title')}
      lines={strangers.map(portConflictMessage)}
      role="alert"
    >
      <Link href="/trust">{t('portConflicts.names')}</Link>
    </Banner>
  )
}
