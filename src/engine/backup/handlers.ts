import { proceduresFor, withParts } from '../core/procedures.ts'
import { scheduledBackup, setBackupSchedule } from './backup-schedule.ts'
import { backUp, inspectBackup, restoreBackup } from './backup.ts'
import type { BackupNeeds } from './needs.ts'

const { vault } = proceduresFor<{ parts: BackupNeeds }>()

export const backupHandlers = {
  backUp: vault.backUp.handler(withParts(backUp)),
  inspectBackup: vault.inspectBackup.handler(withParts(inspectBackup)),
  schedule: vault.schedule.handler(withParts(scheduledBackup)),
  setSchedule: vault.setSchedule.handler(withParts(setBackupSchedule)),
  restore: vault.restore.handler(withParts(restoreBackup)),
}
