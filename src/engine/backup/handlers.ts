import { proceduresFor } from '../core/procedures.ts'
import { scheduledBackup, setBackupSchedule } from './backup-schedule.ts'
import { backUp, inspectBackup, restoreBackup } from './backup.ts'
import type { BackupNeeds } from './needs.ts'

const { vault } = proceduresFor<{ parts: BackupNeeds }>()

export const backupHandlers = {
  backUp: vault.backUp.handler(({ context, input }) => backUp(context.parts, input)),
  inspectBackup: vault.inspectBackup.handler(({ context, input }) => inspectBackup(context.parts, input)),
  schedule: vault.schedule.handler(({ context }) => scheduledBackup(context.parts)),
  setSchedule: vault.setSchedule.handler(({ context, input }) => setBackupSchedule(context.parts, input)),
  restore: vault.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
}
