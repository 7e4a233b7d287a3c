import { Modal, Radio, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { protectorSchema, type Proof, type ProtectionStatus } from '../../../contract/custody/custody.ts'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { proofsForKeys } from '../../../domain/proofs.ts'
import { useClient } from '../../connection/engine-context.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'

const protectors = protectorSchema.options

interface DialogProps extends Pick<EngineStatus, 'protection' | 'recoveryKey'> {
  opened: boolean
  onClose: () => void
}

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
  const whyNot = useWhyNot()
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
          // The error concerns only the previous protector.
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
              disabled={protector !== protection.protector && whyNot(protector) !== null}
              description={
                whyNot(protector) === null
                  ? t(`protection.about.${protector}`)
                  : t('protection.whyNot', { reason: whyNot(protector) })
              }
              data-autofocus={protector === wanted && protector !== 'passphrase' ? true : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {wanted === 'key-file' ? <VerdictRow verdict="caution" label={t('protection.weakWarning')} /> : null}
    </SecretForm>
  )
}

type Protector = ProtectionStatus['protector']

/** Reason why a protector is unavailable on this computer; null if available or unknown. */
function useWhyNot(): (protector: Protector) => string | null {
  const client = useClient()
  const [states, setStates] = useState<{ protector: Protector; whyNot: string | null }[]>([])
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    // On failure, all protectors are offered, and the change itself reports the error.
    client.vault.protectors(undefined, { signal }).then(setStates, () => undefined)
    return () => ending.abort()
  }, [client])
  return (protector) => states.find((state) => state.protector === protector)?.whyNot ?? null
}

/** Runs a change of the vault's key protection, notifies, and closes the dialog. */
function useKeyChange(done: 'protection.moved' | 'protection.rotated', onClose: () => void) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const change = async (act: () => Promise<{ protection: ProtectionStatus }>) => {
    const changed = await call.run(act)
    if (!changed) return
    notifyDone([t(done), ...changed.protection.warnings].join(' '))
    onClose()
  }
  return { call, change }
}

interface RotateDialogProps {
  opened: boolean
  protection: ProtectionStatus
  onClose: () => void
}

/** Rotates the data key; a passphrase protector asks for its passphrase. */
export function RotateDialog({ opened, protection, onClose }: RotateDialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('protection.rotateTitle')} centered size="md">
      <RotateForm protection={protection} onClose={onClose} />
    </Modal>
  )
}

function RotateForm({ protection, onClose }: Omit<RotateDialogProps, 'opened'>) {
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
