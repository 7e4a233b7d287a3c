import { useEffect } from 'react'

const everyMs = 30_000

/**
 * Reads again what other programs change and the engine cannot announce, such as trust stores: when the window
 * gets the focus, and at intervals while it is visible.
 */
export function useLookAgain(read: () => unknown): void {
  useEffect(() => {
    const readIfVisible = () => {
      if (document.visibilityState === 'visible') read()
    }
    window.addEventListener('focus', read)
    const timer = setInterval(readIfVisible, everyMs)
    return () => {
      window.removeEventListener('focus', read)
      clearInterval(timer)
    }
  }, [read])
}
