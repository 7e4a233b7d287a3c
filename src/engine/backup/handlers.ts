import { implement, proceduresFor } from '../core/procedures.ts'
import { scheduledBackup, setBackupSchedule } from './backup-schedule.ts'
import { backUp, inspectBackup, restoreBackup } from './backup.ts'
import type { BackupNeeds } from './needs.ts'

const { vault } = proceduresFor<{ parts: BackupNeeds }>()

export const backupHandlers = implement(vault, {
  backUp,
  inspectBackup,
  schedule: scheduledBackup,
  setSchedule: setBackupSchedule,
  restore: restoreBackup,
})
