import { useEffect, useState } from 'react'

const slowAfterMs = 300

/** Whether `busy` has lasted long enough to be shown: what takes less time than that would only flicker. */
export function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    if (!busy) return
    const timer = setTimeout(() => setSlow(true), slowAfterMs)
    return () => {
      clearTimeout(timer)
      setSlow(false)
    }
  }, [busy])
  return busy && slow
}
