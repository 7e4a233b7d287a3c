import { useEffect } from 'react'
import '../connection/desktop-bridge.ts'

/**
 * Shows on the task bar or dock how far long work is, where the desktop app has one: 0 to 1, `unknown` while that
 * cannot be told, null for none.
 */
export function useTaskBarProgress(progress: number | 'unknown' | null): void {
  useEffect(() => window.edgekeepDesktop?.showProgress(progress), [progress])
  useEffect(() => () => window.edgekeepDesktop?.showProgress(null), [])
}
