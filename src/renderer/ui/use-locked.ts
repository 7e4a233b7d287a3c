import { useTranslation } from 'react-i18next'
import { useEngineStatus } from '../engine/engine-context.tsx'

/** Why nothing can be changed now, as a sentence: the vault is locked. Null while it is open. */
export function useLocked(): string | null {
  const { t } = useTranslation('vault')
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  return locked ? t('noChange') : null
}
