import { useEffect } from 'react'
import { useClient, useEngineStatus } from '../connection/engine-context.tsx'

const atMostEveryMs = 60_000
const signs = ['pointerdown', 'keydown', 'wheel'] as const

/** Tells the engine that the window is in use, at most once a minute, where the vault would lock itself. */
export function useStayOpen(): void {
  const client = useClient()
  const wanted = useEngineStatus(
    ({ value }) => value !== null && !value.protection.locked && value.locking.autoLockMinutes !== null,
  )
  useEffect(() => {
    if (!wanted) return
    let told = 0
    const tell = () => {
      if (Date.now() - told < atMostEveryMs) return
      told = Date.now()
      // An engine that does not answer is shown elsewhere; the next use tells again.
      client.vault.stayOpen().catch(() => (told = 0))
    }
    for (const sign of signs) window.addEventListener(sign, tell, { passive: true })
    return () => {
      for (const sign of signs) window.removeEventListener(sign, tell)
    }
  }, [client, wanted])
}
