import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus } from '../connection/engine-context.tsx'
import type { Action } from './actions/action.ts'

/** Why nothing can be done with Edgekeep now, as a sentence: it has ended. Null while it can. */
export function useEnded(): string | null {
  const { t } = useTranslation('vault')
  return useConnection() === 'ended' ? t('ended') : null
}

/** Why nothing can be changed now, as a sentence: Edgekeep has ended, or the vault is locked. Null while it can. */
export function useLocked(): string | null {
  const { t } = useTranslation('vault')
  const ended = useEnded()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  return ended ?? (locked ? t('noChange') : null)
}

/** The same for one action: what is of the window alone can always be done, and what only reads under a lock. */
export function useHindrances(): (action: Action) => string | null {
  const ended = useEnded()
  const locked = useLocked()
  return ({ isOfWindow, changes }) => (isOfWindow ? null : changes ? locked : ended)
}
