import { Checkbox, Modal, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Proof, ProtectionStatus } from '../../../../contract/custody/custody.ts'
import { proofsForBackup } from '../../../../domain/proofs.ts'
import {
  backupScheduleSchema,
  type BackupSchedule,
  type ScheduledBackup,
} from '../../../../contract/custody/backup-schedule.ts'
import { draftOf, type StoredDraft } from '../../../ui/forms/draft.ts'
import { Meanwhile } from '../../../ui/forms/draft-footer.tsx'
import { notifyDone, useCall } from '../../../ui/feedback/feedback.tsx'
import { SecretForm } from '../../../ui/forms/secret-form.tsx'
import classes from '../settings.module.css'

/** Raw input; an empty folder means no schedule. */
interface Typed {
  folder: string
  everyHours: number | string
  keep: number | string
}

interface DialogProps {
  opened: boolean
  schedule: ScheduledBackup | null
  protector: ProtectionStatus['protector']
  onClose: () => void
  onSet: (schedule: ScheduledBackup | null) => void
}

/** Folder, interval and passphrase of automatic backups. An existing passphrase is kept by default. */
export function ScheduleDialog({ opened, ...rest }: DialogProps) {
  const { t } = useTranslation('settings')
  return (
    <Modal opened={opened} onClose={rest.onClose} title={t('schedule.title')} centered size="md">
      <Form {...rest} />
    </Modal>
  )
}

function Form({ schedule, protector, onClose, onSet }: Omit<DialogProps, 'opened'>) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const [stored, put] = useState<StoredDraft<Typed> | null>(null)
  const draft = draftOf({ stored, current: typedOf(schedule), put })
  const { folder, everyHours, keep } = draft.value
  const change = (patch: Partial<Typed>) => draft.change({ ...draft.value, ...patch })
  const [isAnother, setAnother] = useState(false)
  // Without a schedule there is no passphrase to keep.
  const another = isAnother || schedule === null
  const wanted = scheduleOf(draft.value)
  const send = async (passphrase: string, proof: Proof) => {
    if (!wanted) return
    const made = await call.run((client) =>
      client.vault.setSchedule({
        schedule: { ...wanted, ...(another ? { passphrase } : {}) },
        proof,
        read: scheduleOf(draft.base),
      }),
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
      disabled={!wanted || draft.meanwhile.length > 0}
      call={call}
      accepts={proofsForBackup(protector)}
      onSend={(passphrase, proof) => void send(passphrase, proof)}
      onClose={onClose}
    >
      <span className="dim">{t('schedule.text')}</span>
      <Meanwhile draft={draft} />
      <TextInput
        label={t('schedule.folder')}
        description={t('schedule.folderText')}
        placeholder="/media/backups"
        spellCheck={false}
        value={folder}
        onChange={(event) => change({ folder: event.currentTarget.value })}
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
          onChange={(hours) => change({ everyHours: hours })}
        />
        <NumberInput
          label={t('schedule.keep')}
          description={t('schedule.keepText')}
          min={1}
          max={1000}
          allowDecimal={false}
          value={keep}
          onChange={(count) => change({ keep: count })}
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

function typedOf(schedule: BackupSchedule | null): Typed {
  const { folder = '', everyHours = 24, keep = 7 } = schedule ?? {}
  return { folder, everyHours, keep }
}

/** Null while invalid. */
function scheduleOf({ folder, ...times }: Typed): BackupSchedule | null {
  return backupScheduleSchema.safeParse({ folder: folder.trim(), ...times }).data ?? null
}
