import { scheduledBackup, setBackupSchedule } from '../backup/backup-schedule.ts'
import { backUp, inspectBackup, restoreBackup } from '../backup/backup.ts'
import { protectWith, rotateKey } from '../custody/custody.ts'
import { lockVault, setLocking, unlockVault } from '../custody/locking.ts'
import { publishNotice } from '../custody/notices.ts'
import { setRecoveryKey } from '../custody/recovery-key.ts'
import type { Procedures } from './procedures.ts'
import { auditRows, verifyAudit } from '../audit/audit.ts'

export function vaultHandlers(procedures: Procedures['vault']) {
  return {
    rotate: procedures.rotate.handler(({ context, input }) => rotateKey(context.parts, input.passphrase)),
    protectors: procedures.protectors.handler(({ context }) => context.parts.vault.custody.protectors()),
    protect: procedures.protect.handler(({ context, input }) => protectWith(context.parts, input)),
    lock: procedures.lock.handler(({ context }) => lockVault(context.parts, context.staging)),
    unlock: procedures.unlock.handler(({ context, input }) => unlockVault(context.parts, input.passphrase)),
    stayOpen: procedures.stayOpen.handler(({ context }) => {
      context.parts.autoLock.touch()
      return {}
    }),
    setLocking: procedures.setLocking.handler(({ context, input }) => setLocking(context.parts, input)),
    requestCode: procedures.requestCode.handler(({ context }) => {
      publishNotice(context.parts, 'code')
      return context.parts.codes.request()
    }),
    setRecoveryKey: procedures.setRecoveryKey.handler(({ context, input }) =>
      setRecoveryKey(context.parts, input),
    ),
    backUp: procedures.backUp.handler(({ context, input }) => backUp(context.parts, input)),
    inspectBackup: procedures.inspectBackup.handler(({ context, input }) =>
      inspectBackup(context.parts, input),
    ),
    schedule: procedures.schedule.handler(({ context }) => scheduledBackup(context.parts)),
    setSchedule: procedures.setSchedule.handler(({ context, input }) =>
      setBackupSchedule(context.parts, input),
    ),
    restore: procedures.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
    watchNotices: procedures.watchNotices.handler(({ context, signal }) =>
      context.parts.topics.notices.subscribe(signal),
    ),
  }
}

export function auditHandlers(procedures: Procedures['audit']) {
  return {
    list: procedures.list.handler(({ context, input }) => auditRows(context.parts, input)),
    verify: procedures.verify.handler(({ context }) => verifyAudit(context.parts)),
  }
}
