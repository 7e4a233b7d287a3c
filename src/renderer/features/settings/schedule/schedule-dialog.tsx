import { Checkbox, Modal, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof, ProtectionStatus } from '../../../../contract/custody.ts'
import { proofsForBackup } from '../../../../contract/rules/proofs.ts'
import { backupScheduleSchema, type ScheduledBackup } from '../../../../contract/records.ts'
import { useClient } from '../../../engine/engine-context.tsx'
import { notifyDone } from '../../../ui/notify.ts'
import { SecretForm } from '../../../ui/secret-form.tsx'
import { useCall } from '../../../ui/use-call.ts'
import classes from '../settings.module.css'

interface DialogProps {
  opened: boolean
  schedule: ScheduledBackup | null
  protector: ProtectionStatus['protector']
  onClose: () => void
  onSet: (schedule: ScheduledBackup | null) => void
}

/** Where the copies go, how often, and under which passphrase, which is asked for only when it is set. */
export function ScheduleDialog({ opened, ...rest }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={rest.onClose} title={t('schedule.dialog')} centered size="md">
      <Form {...rest} />
    </Modal>
  )
}

function Form({ schedule, protector, onClose, onSet }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const client = useClient()
  const call = useCall()
  const [folder, setFolder] = useState(schedule?.folder ?? '')
  const [everyHours, setEveryHours] = useState<number | string>(schedule?.everyHours ?? 24)
  const [keep, setKeep] = useState<number | string>(schedule?.keep ?? 7)
  const [another, setAnother] = useState(schedule === null)
  const wanted = backupScheduleSchema.safeParse({ folder: folder.trim(), everyHours, keep })
  const send = async (passphrase: string, proof: Proof) => {
    if (!wanted.success) return
    const made = await call.run(() =>
      client.vault.setSchedule({ schedule: { ...wanted.data, ...(another ? { passphrase } : {}) }, proof }),
    )
    if (!made) return
    onSet(made)
    notifyDone(t(made.lastRun?.ok === false ? 'schedule.notMade' : 'schedule.made'))
    onClose()
  }
  return (
    <SecretForm
      asks={another ? 'chosen' : 'nothing'}
      label={t('schedule.passphrase')}
      submitLabel={t('schedule.do')}
      disabled={!wanted.success}
      call={call}
      accepts={proofsForBackup(protector)}
      onSend={(passphrase, proof) => void send(passphrase, proof)}
      onClose={onClose}
    >
      <span className={classes.dim}>{t('schedule.text')}</span>
      <TextInput
        label={t('schedule.folder')}
        description={t('schedule.folderText')}
        placeholder="/media/backups"
        spellCheck={false}
        value={folder}
        onChange={(event) => setFolder(event.currentTarget.value)}
        data-autofocus
      />
      <div className={classes.pair}>
        <NumberInput
          label={t('schedule.hours')}
          description={t('schedule.hoursText')}
          min={1}
          max={744}
          allowDecimal={false}
          value={everyHours}
          onChange={setEveryHours}
        />
        <NumberInput
          label={t('schedule.keep')}
          description={t('schedule.keepText')}
          min={1}
          max={1000}
          allowDecimal={false}
          value={keep}
          onChange={setKeep}
        />
      </div>
      {schedule ? (
        <Checkbox
          label={t('schedule.another')}
          checked={another}
          onChange={(event) => setAnother(event.currentTarget.checked)}
        />
      ) : null}
    </SecretForm>
  )
}
