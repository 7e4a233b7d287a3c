import { useEffect } from 'react'
import { useClient, useEngineStatus } from '../connection/engine-context.tsx'

const atMostEveryMs = 60_000
const signs = ['pointerdown', 'keydown', 'wheel'] as const

/** Resets the engine's auto-lock timer while the window is in use, at most once a minute. */
export function useStayOpen(): void {
  const client = useClient()
  const wanted = useEngineStatus(
    ({ value }) => value !== null && !value.protection.locked && value.locking.autoLockMinutes !== null,
  )
  useEffect(() => {
    if (!wanted) return
    let reportedAt = 0
    const report = () => {
      if (Date.now() - reportedAt < atMostEveryMs) return
      reportedAt = Date.now()
      // A lost connection is shown elsewhere; the next user input retries.
      client.vault.stayOpen().catch(() => (reportedAt = 0))
    }
    for (const sign of signs) window.addEventListener(sign, report, { passive: true })
    return () => {
      for (const sign of signs) window.removeEventListener(sign, report)
    }
  }, [client, wanted])
}
