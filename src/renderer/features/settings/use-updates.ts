import { useEffect, useState } from 'react'
import { updateStateSchema, type UpdateState } from '../../../contract/engine/updates.ts'
import type { DesktopBridge } from '../../connection/desktop-bridge.ts'

/** Update state of the desktop app; null until received. */
export function useUpdates(desktop: DesktopBridge): UpdateState | null {
  const [state, setState] = useState<UpdateState | null>(null)
  useEffect(() => {
    const onMessage = (event: MessageEvent<unknown>) => {
      if (event.source !== window || typeof event.data !== 'object' || event.data === null) return
      const message = updateStateSchema.safeParse(
        (event.data as { edgekeepUpdates?: unknown }).edgekeepUpdates,
      )
      if (message.success) setState(message.data)
    }
    window.addEventListener('message', onMessage)
    desktop.lookAtUpdates()
    return () => window.removeEventListener('message', onMessage)
  }, [desktop])
  return state
}
