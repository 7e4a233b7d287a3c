import { useCallback, useEffect, useState } from 'react'
import type { EngineStatus } from '../../../../contract/engine/engine-status.ts'
import type { ScheduledBackup } from '../../../../contract/custody/backup-schedule.ts'
import { useClient } from '../../../connection/engine-context.tsx'
import { useCall } from '../../../ui/feedback/feedback.tsx'

/** Backup schedule, reloaded on each change that `status` reports. */
export function useSchedule(status: EngineStatus) {
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
