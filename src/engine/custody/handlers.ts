import { protectWith, rotateKey } from './custody.ts'
import { lockVault, setLocking, unlockVault } from './locking.ts'
import { publishNotice } from './notices.ts'
import { setRecoveryKey } from './recovery-key.ts'
import type { Procedures } from '../core/procedures.ts'

export function custodyHandlers(procedures: Procedures['vault']) {
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
    watchNotices: procedures.watchNotices.handler(({ context, signal }) =>
      context.parts.topics.notices.subscribe(signal),
    ),
  }
}
