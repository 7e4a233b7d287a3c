import { backUp, protectWith, restoreBackup, rotateKey } from '../services/custody.ts'
import type { Procedures } from './procedures.ts'

export function vaultHandlers(procedures: Procedures['vault']) {
  return {
    rotate: procedures.rotate.handler(({ context }) => rotateKey(context.parts)),
    protect: procedures.protect.handler(({ context, input }) => protectWith(context.parts, input.protector)),
    backUp: procedures.backUp.handler(({ context, input }) => backUp(context.parts, input.passphrase)),
    restore: procedures.restore.handler(({ context, input }) => restoreBackup(context.parts, input)),
  }
}
