import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useClient } from '../../engine/engine-context.tsx'
import { saveBlob } from '../../ui/download.ts'
import { notifyDone } from '../../ui/notify.ts'
import { SecretForm } from '../../ui/secret-form.tsx'
import { useCall } from '../../ui/use-call.ts'

interface DialogProps {
  opened: boolean
  onClose: () => void
}

/** Asks for a passphrase of the backup's own and hands the file to the browser's download. */
export function BackupDialog({ opened, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.makeTitle')} centered size="md">
      <Form onClose={onClose} />
    </Modal>
  )
}

function Form({ onClose }: Pick<DialogProps, 'onClose'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  const send = async (passphrase: string) => {
    const file = await call.run(() => client.vault.backUp({ passphrase }))
    if (!file) return
    saveBlob(file.name, file)
    notifyDone(t('backup.made', { file: file.name }))
    onClose()
  }
  return (
    <SecretForm
      asks="chosen"
      label={t('backup.passphrase')}
      submitLabel={t('backup.makeDo')}
      call={call}
      onSend={(passphrase) => void send(passphrase)}
      onClose={onClose}
    >
      <span>{t('backup.makeText')}</span>
    </SecretForm>
  )
}
