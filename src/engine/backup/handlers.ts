import type { Procedures } from '../core/procedures.ts'
import { scheduledBackup, setBackupSchedule } from './backup-schedule.ts'
import { backUp, inspectBackup, restoreBackup } from './backup.ts'

export function backupHandlers(procedures: Procedures['vault']) {
  return {
    backUp: procedures.backUp.handler(({ context, input }) => backUp(context.parts, input)),
    inspectBackup: procedures.inspectBackup.handler(({ context, input }) =>
      inspectBackup(context.parts, input),
    ),
    schedule: procedures.schedule.handler(({ context }) => scheduledBackup(context.parts)),
    setSchedule: procedures.setSchedule.handler(({ context, input }) =>
      setBackupSchedule(context.parts, input),
    ),
    restore: procedures.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
  }
}
