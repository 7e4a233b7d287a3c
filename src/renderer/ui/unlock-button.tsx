import { IconLockOpen } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { HinderedButton } from './change-button.tsx'
import { useEnded } from './use-locked.ts'

/** Id of the unlock form in the banner. Submitted empty, it asks for the passphrase if one is needed. */
export const unlockForm = 'unlock-vault'

/** Unlocks the vault from any page. */
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
