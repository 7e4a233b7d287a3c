import { protectWith, rotateKey, setRecoveryKey } from './custody.ts'
import { lockVault, setLocking, unlockVault } from './locking.ts'
import { publishNotice } from './notices.ts'
import { implement, proceduresFor } from '../core/procedures.ts'
import type { CustodyNeeds } from './needs.ts'
import type { FileSessions } from '../inspect/file-sessions.ts'

const { vault } = proceduresFor<{ parts: CustodyNeeds; sessions: FileSessions }>()

export const custodyHandlers = implement(vault, {
  rotate: (parts, input) => rotateKey(parts, input.passphrase),
  protectors: (parts) => parts.vault.custody.protectors(),
  protect: protectWith,
  lock: (parts, input, _signal, { sessions }) => lockVault(parts, sessions),
  unlock: (parts, input) => unlockVault(parts, input.passphrase),
  stayOpen: (parts) => parts.autoLock.touch(),
  setLocking,
  requestCode: (parts) => {
    publishNotice(parts, 'code')
    return parts.codes.request()
  },
  setRecoveryKey,
  watchNotices: (parts, input, signal) => parts.topics.notices.subscribe(signal),
})
