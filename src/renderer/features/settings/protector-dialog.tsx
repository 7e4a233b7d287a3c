import { Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { protectorSchema, type ProtectionStatus } from '../../../contract/custody.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { SecretForm } from '../../ui/secret-form.tsx'
import { VerdictRow } from '../../ui/verdict-row.tsx'
import { useKeyChange } from './use-key-change.ts'

const protectors = protectorSchema.options

interface DialogProps {
  opened: boolean
  protection: ProtectionStatus
  onClose: () => void
}

/** Moves the vault's key to another keeper, or under another passphrase. */
export function ProtectorDialog({ opened, protection, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('protection.moveTitle')} centered size="md">
      <Form protection={protection} onClose={onClose} />
    </Modal>
  )
}

function Form({ protection, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const { call, change } = useKeyChange('protection.moved', onClose)
  const [wanted, setWanted] = useState(protection.protector)
  const move = (passphrase: string) =>
    client.vault.protect(wanted === 'passphrase' ? { protector: wanted, passphrase } : { protector: wanted })
  return (
    <SecretForm
      key={wanted}
      asks={wanted === 'passphrase' ? 'chosen' : 'nothing'}
      label={t('protection.newPassphrase')}
      submitLabel={t('protection.moveDo')}
      disabled={wanted === protection.protector && wanted !== 'passphrase'}
      call={call}
      onSend={(passphrase) => void change(() => move(passphrase))}
      onClose={onClose}
    >
      <span>{t('protection.moveText')}</span>
      <Radio.Group
        aria-label={t('protection.choice')}
        value={wanted}
        onChange={(value) => setWanted(protectors.find((one) => one === value) ?? wanted)}
      >
        <Stack gap={12}>
          {protectors.map((protector) => (
            <Radio
              key={protector}
              value={protector}
              label={t(`protection.${protector}`)}
              description={t(`protection.about.${protector}`)}
              data-autofocus={protector === wanted && protector !== 'passphrase' ? true : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {wanted === 'key-file' ? <VerdictRow verdict="caution" label={t('protection.weakWarning')} /> : null}
    </SecretForm>
  )
}
