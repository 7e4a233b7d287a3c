import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ProtectionStatus } from '../../../contract/custody/custody.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'
import { useKeyChange } from './protector-dialog.tsx'

interface DialogProps {
  opened: boolean
  protection: ProtectionStatus
  onClose: () => void
}

/** Rotates the data key; a passphrase protector asks for its passphrase. */
export function RotateDialog({ opened, protection, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('protection.rotateTitle')} centered size="md">
      <Form protection={protection} onClose={onClose} />
    </Modal>
  )
}

function Form({ protection, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation(['settings', 'vault'])
  const client = useClient()
  const { call, change } = useKeyChange('protection.rotated', onClose)
  const asks = protection.protector === 'passphrase'
  return (
    <SecretForm
      asks={asks ? 'given' : 'nothing'}
      label={t('vault:passphrase')}
      submitLabel={t('protection.rotateDo')}
      call={call}
      onSend={(passphrase) => void change(() => client.vault.rotate(asks ? { passphrase } : {}))}
      onClose={onClose}
    >
      <span>{t('protection.rotateText')}</span>
    </SecretForm>
  )
}
