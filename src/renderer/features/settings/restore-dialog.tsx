import { Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { DropZone } from '../../ui/forms/drop-zone.tsx'
import { RestoreForm } from './restore-form.tsx'

interface DialogProps {
  opened: boolean
  status: EngineStatus
  onClose: () => void
}

export function RestoreDialog({ opened, status, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.restoreTitle')} centered size="md">
      <Steps status={status} onClose={onClose} />
    </Modal>
  )
}

function Steps({ status, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const [file, setFile] = useState<File | null>(null)
  if (file)
    return <RestoreForm file={file} status={status} onAnother={() => setFile(null)} onClose={onClose} />
  return (
    <DropZone
      label={t('backup.choose')}
      text={t('backup.chooseText')}
      hint={t('backup.chooseHint')}
      single
      onFiles={([chosen]) => setFile(chosen ?? null)}
    />
  )
}
