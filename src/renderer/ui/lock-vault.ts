import { IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useClient } from '../connection/engine-context.tsx'
import type { Action } from './actions/action.ts'
import { notifyDone } from './notify.tsx'
import { useCall, type Call } from './use-call.ts'

export const lockVault: Action = {
  id: 'vault.lock',
  label: 'app:palette.lock',
  about: 'settings:locking.title',
  icon: IconLock,
}

/** Locks the vault and notifies; `call` holds a failure. */
export function useLock(): { call: Call; lock: () => void } {
  const { t } = useTranslation('vault')
  const client = useClient()
  const call = useCall()
  const lock = async () => {
    if (await call.run(() => client.vault.lock())) notifyDone(t('locked'))
  }
  return { call, lock: () => void lock() }
}
