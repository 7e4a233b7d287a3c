import { protectWith, rotateKey, setRecoveryKey } from './custody.ts'
import { lockVault, setLocking, unlockVault } from './locking.ts'
import { publishNotice } from './notices.ts'
import { proceduresFor, withParts } from '../core/procedures.ts'
import type { CustodyNeeds } from './needs.ts'
import type { FileSessions } from '../inspect/file-sessions.ts'

const { vault } = proceduresFor<{ parts: CustodyNeeds; sessions: FileSessions }>()

export const custodyHandlers = {
  rotate: vault.rotate.handler(({ context, input }) => rotateKey(context.parts, input.passphrase)),
  protectors: vault.protectors.handler(({ context }) => context.parts.vault.custody.protectors()),
  protect: vault.protect.handler(withParts(protectWith)),
  lock: vault.lock.handler(({ context }) => lockVault(context.parts, context.sessions)),
  unlock: vault.unlock.handler(({ context, input }) => unlockVault(context.parts, input.passphrase)),
  stayOpen: vault.stayOpen.handler(({ context }) => {
    context.parts.autoLock.touch()
    return {}
  }),
  setLocking: vault.setLocking.handler(withParts(setLocking)),
  requestCode: vault.requestCode.handler(({ context }) => {
    publishNotice(context.parts, 'code')
    return context.parts.codes.request()
  }),
  setRecoveryKey: vault.setRecoveryKey.handler(withParts(setRecoveryKey)),
  watchNotices: vault.watchNotices.handler(({ context, signal }) =>
    context.parts.topics.notices.subscribe(signal),
  ),
}
