import { Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { protectorSchema, type Proof } from '../../../contract/custody.ts'
import type { EngineStatus } from '../../../contract/engine-status.ts'
import { proofsForKeys } from '../../../contract/proofs.ts'
import { useClient } from '../../engine/engine-context.tsx'
import { SecretForm } from '../../ui/secret-form.tsx'
import { VerdictRow } from '../../ui/verdict-row.tsx'
import { useKeyChange } from './use-key-change.ts'

const protectors = protectorSchema.options

interface DialogProps extends Pick<EngineStatus, 'protection' | 'recoveryKey'> {
  opened: boolean
  onClose: () => void
}

/** Moves the vault's key to another keeper, or under another passphrase. */
export function ProtectorDialog({ opened, ...rest }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={rest.onClose} title={t('protection.moveTitle')} centered size="md">
      <Form {...rest} />
    </Modal>
  )
}

function Form({ protection, recoveryKey, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const { call, change } = useKeyChange('protection.moved', onClose)
  const [wanted, setWanted] = useState(protection.protector)
  const move = (passphrase: string, proof: Proof) =>
    client.vault.protect(
      wanted === 'passphrase' ? { protector: wanted, passphrase, proof } : { protector: wanted, proof },
    )
  return (
    <SecretForm
      key={wanted}
      asks={wanted === 'passphrase' ? 'chosen' : 'nothing'}
      label={t('protection.newPassphrase')}
      submitLabel={t('protection.moveDo')}
      disabled={wanted === protection.protector && wanted !== 'passphrase'}
      call={call}
      accepts={proofsForKeys(protection.protector, recoveryKey !== null)}
      onSend={(passphrase, proof) => void change(() => move(passphrase, proof))}
      onClose={onClose}
    >
      <span>{t('protection.moveText')}</span>
      <Radio.Group
        aria-label={t('protection.choice')}
        value={wanted}
        onChange={(value) => {
          // What one keeper refused says nothing of another.
          call.clear()
          setWanted(protectors.find((one) => one === value) ?? wanted)
        }}
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
