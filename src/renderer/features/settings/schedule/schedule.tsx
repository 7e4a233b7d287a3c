import type { TFunction } from 'i18next'
import { useState, useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { EngineStatus } from '../../../../contract/engine/engine-status.ts'
import type { BackupSchedule, ScheduledBackup } from '../../../../contract/custody/backup-schedule.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { ActionButton } from '../../../ui/actions/action-button.tsx'
import { notifyDone, ErrorPanel, useCall } from '../../../ui/feedback/feedback.tsx'
import { RelativeTime } from '../../../ui/primitives/time.tsx'
import { VerdictRow } from '../../../ui/feedback/verdict.tsx'
import { endSchedule, setSchedule } from '../actions.ts'
import classes from '../settings.module.css'
import { ScheduleDialog } from './schedule-dialog.tsx'

export function Schedule({ status }: { status: EngineStatus }) {
  const { t } = useTranslation('settings')
  const { schedule, error, put } = useSchedule(status)
  const [editing, setEditing] = useState(false)
  const call = useCall()
  const { locked } = status.protection
  const known = schedule?.known ?? null
  const end = async () => {
    if ((await call.run((client) => client.vault.setSchedule({ schedule: null, read: known }))) === undefined)
      return
    put(null)
    notifyDone(t('schedule.ended'))
  }
  return (
    <div className={classes.part} role="group" aria-label={t('schedule.title')}>
      <h3 className="heading">{t('schedule.title')}</h3>
      {error ? <ErrorPanel error={error} /> : null}
      {schedule && !known ? (
        <p className="dim flush below-8">
          {t('schedule.none')} {status.recoveryKey ? null : t('schedule.needsKey')}
        </p>
      ) : null}
      {known ? <Copies schedule={known} /> : null}
      {call.error ? <ErrorPanel error={call.error} /> : null}
      {schedule ? (
        <div className="wrapping line gap-8 below-6">
          <ActionButton
            action={setSchedule}
            variant="default"
            label={t(known ? 'schedule.change' : 'schedule.set')}
            disabled={locked || status.recoveryKey === null}
            act={() => setEditing(true)}
          />
          {known ? (
            <ActionButton
              action={endSchedule}
              variant="default"
              disabled={locked}
              busy={call.busy}
              act={() => void end()}
            />
          ) : null}
        </div>
      ) : null}
      <ScheduleDialog
        opened={editing && !locked}
        protector={status.protection.protector}
        schedule={known}
        onClose={() => setEditing(false)}
        onSet={put}
      />
    </div>
  )
}

function Copies({ schedule }: { schedule: ScheduledBackup }) {
  const { t } = useTranslation('settings')
  const { lastRun, nextAt, keep } = schedule
  return (
    <>
      <p className="wrap">
        {formatSchedule(t, schedule)}. {t('schedule.keeps', { count: keep })}
      </p>
      <VerdictRow
        verdict={lastRun ? (lastRun.ok ? 'yes' : 'no') : 'unknown'}
        label={lastRun ? <LastRun run={lastRun} /> : t('schedule.never')}
        reason={
          lastRun?.ok === false ? (
            <>
              {lastRun.summary}{' '}
              <RelativeTime at={lastRun.at} say={(when) => t('schedule.failedWhen', { when })} />
            </>
          ) : (
            <RelativeTime at={nextAt} say={(when) => t('schedule.next', { when })} />
          )
        }
      />
    </>
  )
}

function LastRun({ run }: { run: NonNullable<ScheduledBackup['lastRun']> }) {
  const { t } = useTranslation('settings')
  if (!run.ok) return t('schedule.failed')
  return <RelativeTime at={run.at} say={(when) => t('schedule.ran', { file: run.summary, when })} />
}

/** `Every day to /media/backups` */
function formatSchedule(
  t: TFunction<'settings'>,
  { everyHours, folder }: Pick<BackupSchedule, 'everyHours' | 'folder'>,
): string {
  if (everyHours === 24) return t('schedule.everyDay', { folder })
  if (everyHours % 24 === 0) return t('schedule.everyDays', { days: everyHours / 24, folder })
  return t('schedule.every', { count: everyHours, folder })
}

/** Backup schedule, reloaded on each change that `status` reports. */
function useSchedule(status: EngineStatus) {
  const client = useClient()
  const { run, error } = useCall()
  const [schedule, setSchedule] = useState<{ known: ScheduledBackup | null } | null>(null)
  useEffect(() => {
    let current = true
    void run(() => client.vault.schedule()).then((answer) => {
      if (current && answer !== undefined) setSchedule({ known: answer })
    })
    return () => {
      current = false
    }
  }, [client, run, status])
  const put = useCallback((known: ScheduledBackup | null) => setSchedule({ known }), [])
  return { schedule, error, put }
}
