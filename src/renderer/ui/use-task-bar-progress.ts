import { useEffect } from 'react'
import '../connection/desktop-bridge.ts'

/**
 * Shows the progress of long work on the task bar or dock of the desktop app: 0 to 1, `unknown`, or null for
 * none.
 */
export function useTaskBarProgress(progress: number | 'unknown' | null): void {
  useEffect(() => window.edgekeepDesktop?.showProgress(progress), [progress])
  useEffect(() => () => window.edgekeepDesktop?.showProgress(null), [])
}
