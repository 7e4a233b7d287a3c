import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus } from '../engine/engine-context.tsx'

/** Why nothing can be changed now, as a sentence: Edgekeep has ended, or the vault is locked. Null while it can. */
export function useLocked(): string | null {
  const { t } = useTranslation('vault')
  const ended = useConnection() === 'ended'
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  if (ended) return t('ended')
  return locked ? t('noChange') : null
}
