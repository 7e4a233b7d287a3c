import { IconLock, IconLockOpen } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Action } from '../actions/action.ts'
import { notifyDone, useCall, type Call } from './feedback.tsx'
import { HinderedButton, useEnded } from '../primitives/change-controls.tsx'

export const lockVault: Action = {
  id: 'vault.lock',
  label: 'app:palette.lock',
  about: 'settings:locking.title',
  icon: IconLock,
}

/** Locks the vault and notifies; `call` holds a failure. */
export function useLock(): { call: Call; lock: () => void } {
  const { t } = useTranslation('vault')
  const call = useCall()
  const lock = async () => {
    if (await call.run((client) => client.vault.lock())) notifyDone(t('locked'))
  }
  return { call, lock: () => void lock() }
}

/** Id of the unlock form in the banner. Submitted empty, it asks for the passphrase if one is needed. */
export const unlockForm = 'unlock-vault'

export function UnlockButton() {
  const { t } = useTranslation('vault')
  const unlock = () => document.querySelector<HTMLFormElement>(`#${unlockForm}`)?.requestSubmit()
  return (
    <HinderedButton
      hindrance={useEnded()}
      flex="none"
      leftSection={<IconLockOpen size={15} stroke={1.8} />}
      onClick={unlock}
    >
      {t('unlock')}
    </HinderedButton>
  )
}
