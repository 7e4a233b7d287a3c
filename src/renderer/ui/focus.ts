import { useEffect, useRef, type RefObject } from 'react'

/** True if the focused element was removed or disabled. */
export function focusIsLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Restores the focus of a button that loses it while disabled for a running call. */
export function useFocusBack(busy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const worked = useRef(false)
  useEffect(() => {
    if (worked.current && !busy && focusIsLost()) button.current?.focus()
    worked.current = busy
  }, [busy])
  return button
}
