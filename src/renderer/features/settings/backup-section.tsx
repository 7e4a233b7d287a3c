import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useRoute } from 'wouter'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { ActionButton } from '../../ui/actions/action-button.tsx'
import { Section } from '../../ui/primitives/page-layout.tsx'
import { RelativeTime } from '../../ui/primitives/time.tsx'
import { VerdictRow } from '../../ui/feedback/verdict.tsx'
import { backUp, restore, setUpRecoveryKey } from './actions.ts'
import { RecoveryKeyDialog } from './recovery-key-dialog.tsx'
import { RestoreDialog } from './restore-dialog.tsx'
import { Schedule } from './schedule/schedule.tsx'
import { Modal } from '@mantine/core'
import type { Proof, ProtectionStatus } from '../../../contract/custody/custody.ts'
import { proofsForBackup } from '../../../domain/proofs.ts'
import { saveBlob } from '../../ui/primitives/download.ts'
import { notifyDone, useCall, useTaskBarProgress } from '../../ui/feedback/feedback.tsx'
import { SecretForm } from '../../ui/forms/secret-form.tsx'

const settingsPath = '/settings'
const backupPath = '/settings/backup'

/** Recovery key and backups. A backup without a recovery key first asks to create one. */
export function BackupSection({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const [, navigate] = useLocation()
  const [backingUp] = useRoute(backupPath)
  const [opened, setOpened] = useState<'recovery' | 'restore' | null>(null)
  const { protection, recoveryKey } = status
  const { locked } = protection
  const closeRecovery = () => {
    setOpened(null)
    // Cancelling the recovery key also cancels the backup that required it.
    if (backingUp && !recoveryKey) navigate(settingsPath)
  }
  return (
    <Section title={t('backup.title')} description={t('backup.text')}>
      <KeyState recoveryKey={recoveryKey} />
      <div className="wrapping line gap-8 below-6">
        <ActionButton
          action={setUpRecoveryKey}
          variant="default"
          label={t(recoveryKey ? 'recovery.replace' : 'recovery.setUp')}
          disabled={locked}
          act={() => setOpened('recovery')}
        />
        <ActionButton action={backUp} variant="default" disabled={locked} act={() => navigate(backupPath)} />
        <ActionButton action={restore} variant="default" act={() => setOpened('restore')} />
      </div>
      <Schedule status={status} />
      <RecoveryKeyDialog
        opened={!locked && (opened === 'recovery' || (backingUp && !recoveryKey))}
        protection={protection}
        recoveryKey={recoveryKey}
        onSet={() => setOpened(null)}
        onClose={closeRecovery}
      />
      <BackupDialog
        opened={backingUp && !locked && recoveryKey !== null && opened !== 'recovery'}
        protector={protection.protector}
        onClose={() => navigate(settingsPath)}
      />
      <RestoreDialog opened={opened === 'restore'} status={status} onClose={() => setOpened(null)} />
    </Section>
  )
}

function KeyState({ recoveryKey }: Pick<EngineStatus, 'recoveryKey'>) {
  const { t } = useTranslation('settings')
  if (!recoveryKey)
    return <VerdictRow verdict="caution" label={t('recovery.none')} reason={t('recovery.noneText')} />
  return (
    <VerdictRow
      verdict="yes"
      label={t('recovery.is', { id: recoveryKey.id })}
      reason={<RelativeTime at={recoveryKey.setAt} say={(when) => t('recovery.setWhen', { when })} />}
    />
  )
}

interface DialogProps {
  opened: boolean
  protector: ProtectionStatus['protector']
  onClose: () => void
}

/** Creates a backup with a passphrase of its own and downloads it. */
function BackupDialog({ opened, protector, onClose }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={onClose} title={t('backup.makeTitle')} centered size="md">
      <Form protector={protector} onClose={onClose} />
    </Modal>
  )
}

function Form({ protector, onClose }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const call = useCall()
  useTaskBarProgress(call.busy ? 'unknown' : null)
  const send = async (passphrase: string, proof: Proof) => {
    const file = await call.run((client) => client.vault.backUp({ passphrase, proof }))
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
