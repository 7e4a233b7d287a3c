import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useRoute } from 'wouter'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { Section } from '../../ui/page-layout.tsx'
import { BackupDialog } from './backup-dialog.tsx'
import { backupPath, settingsPath } from './paths.ts'
import { RestoreDialog } from './restore-dialog.tsx'
import { Schedule } from './schedule/schedule.tsx'
import classes from './settings.module.css'

export function BackupSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const [, navigate] = useLocation()
  const [backingUp] = useRoute(backupPath)
  const [restoring, setRestoring] = useState(false)
  const { locked } = status.protection
  return (
    <Section title={t('backup.title')} description={t('backup.text')}>
      <div className={classes.buttons}>
        <Button variant="default" disabled={locked} onClick={() => navigate(backupPath)}>
          {t('backup.make')}
        </Button>
        <Button variant="default" onClick={() => setRestoring(true)}>
          {t('backup.restore')}
        </Button>
      </div>
      <Schedule status={status} />
      <BackupDialog opened={backingUp && !locked} onClose={() => navigate(settingsPath)} />
      <RestoreDialog opened={restoring} status={status} onClose={() => setRestoring(false)} />
    </Section>
  )
}
