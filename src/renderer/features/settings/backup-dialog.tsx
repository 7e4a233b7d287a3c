import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Proof, ProtectionStatus } from '../../../contract/custody/custody.ts'
import { proofsForBackup } from '../../../domain/proofs.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { saveBlob } from '../../ui/primitives/download.ts'
import { notifyDone, useCall, useTaskBarProgress } from '../../ui/feedback/feedback.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'

interface DialogProps {
  opened: boolean
  protector: ProtectionStatus['protector']
  onClose: () => void
}

/** Creates a backup with a passphrase of its own and downloads it. */
export function BackupDialog({ opened, protector, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.makeTitle')} centered size="md">
      <Form protector={protector} onClose={onClose} />
    </Modal>
  )
}

function Form({ protector, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  useTaskBarProgress(call.busy ? 'unknown' : null)
  const send = async (passphrase: string, proof: Proof) => {
    const file = await call.run(() => client.vault.backUp({ passphrase, proof }))
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
      accepts={proofsForBackup(protector)}
      onSend={(passphrase, proof) => void send(passphrase, proof)}
      onClose={onClose}
    >
      <span>{t('backup.makeText')}</span>
    </SecretForm>
  )
}
