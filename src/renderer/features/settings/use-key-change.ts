import { useTranslation } from 'react-i18next'
import { notifyDone } from '../../ui/notify.tsx'
import { useCall } from '../../ui/use-call.ts'

/** For a dialog that changes how the vault's key is kept: does it, says how it went, and closes. */
export function useKeyChange(done: 'protection.moved' | 'protection.rotated', onClose: () => void) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const change = async (act: () => Promise<{ notForgotten: number }>) => {
    const changed = await call.run(act)
    if (!changed) return
    const { notForgotten } = changed
    notifyDone(notForgotten > 0 ? t('protection.notForgotten', { count: notForgotten }) : t(done))
    onClose()
  }
  return { call, change }
}
