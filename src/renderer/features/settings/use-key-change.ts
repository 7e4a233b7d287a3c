import { useTranslation } from 'react-i18next'
import type { ProtectionStatus } from '../../../contract/custody/custody.ts'
import { notifyDone, useCall } from '../../ui/feedback/feedback.tsx'

/** Runs a change of the vault's key protection, notifies, and closes the dialog. */
export function useKeyChange(done: 'protection.moved' | 'protection.rotated', onClose: () => void) {
  const { t } = useTranslation('settings')
  const call = useCall()
  const change = async (act: () => Promise<{ protection: ProtectionStatus }>) => {
    const changed = await call.run(act)
    if (!changed) return
    notifyDone([t(done), ...changed.protection.warnings].join(' '))
    onClose()
  }
  return { call, change }
}
