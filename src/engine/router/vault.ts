import { scheduledBackup, setBackupSchedule } from '../services/backup-schedule.ts'
import { backUp, protectWith, restoreBackup, rotateKey } from '../services/custody.ts'
import { lockVault, setLocking, unlockVault } from '../services/locking.ts'
import type { Procedures } from './procedures.ts'

export function vaultHandlers(procedures: Procedures['vault']) {
  return {
    rotate: procedures.rotate.handler(({ context, input }) => rotateKey(context.parts, input.passphrase)),
    protect: procedures.protect.handler(({ context, input }) => protectWith(context.parts, input)),
    lock: procedures.lock.handler(({ context }) => lockVault(context.parts, context.staging)),
    unlock: procedures.unlock.handler(({ context, input }) => unlockVault(context.parts, input.passphrase)),
    stayOpen: procedures.stayOpen.handler(({ context }) => {
      context.parts.autoLock.touch()
      return {}
    }),
    setLocking: procedures.setLocking.handler(({ context, input }) => setLocking(context.parts, input)),
    backUp: procedures.backUp.handler(({ context, input }) => backUp(context.parts, input.passphrase)),
    schedule: procedures.schedule.handler(({ context }) => scheduledBackup(context.parts)),
    setSchedule: procedures.setSchedule.handler(({ context, input }) =>
      setBackupSchedule(context.parts, input.schedule),
    ),
    restore: procedures.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
  }
}
