import { useTranslation } from 'react-i18next'
import { useConnection, useEngineStatus } from '../connection/engine-context.tsx'
import type { Action } from './actions/action.ts'

/** Sentence that explains that Edgekeep has ended; null while it runs. */
export function useEnded(): string | null {
  const { t } = useTranslation('vault')
  return useConnection() === 'ended' ? t('ended') : null
}

/** Sentence for why changes are impossible: Edgekeep has ended or the vault is locked. Null if possible. */
export function useLocked(): string | null {
  const { t } = useTranslation('vault')
  const ended = useEnded()
  const locked = useEngineStatus((state) => state.value?.protection.locked ?? false)
  return ended ?? (locked ? t('noChange') : null)
}

/** The same per action: window actions always work, read-only actions also while the vault is locked. */
export function useHindrances(): (action: Action) => string | null {
  const ended = useEnded()
  const locked = useLocked()
  return ({ isOfWindow, changes }) => (isOfWindow ? null : changes ? locked : ended)
}
