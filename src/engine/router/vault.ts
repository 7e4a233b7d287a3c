import { EdgekeepError } from '../../contract/errors.ts'
import { backUp, protectWith, restoreBackup, rotateKey } from '../services/custody.ts'
import type { Procedures } from './procedures.ts'

function notYet(): never {
  throw new EdgekeepError('vault.protector_failed', { reason: 'it cannot be used here yet' })
}

export function vaultHandlers(procedures: Procedures['vault']) {
  return {
    rotate: procedures.rotate.handler(({ context }) => rotateKey(context.parts)),
    protect: procedures.protect.handler(({ context, input }) => protectWith(context.parts, input.protector)),
    unlock: procedures.unlock.handler(notYet),
    lock: procedures.lock.handler(notYet),
    stayOpen: procedures.stayOpen.handler(() => ({})),
    setLocking: procedures.setLocking.handler(notYet),
    backUp: procedures.backUp.handler(({ context, input }) => backUp(context.parts, input.passphrase)),
    restore: procedures.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
  }
}
