import { useEffect, useRef, type RefObject } from 'react'

/** Whether what had the focus is gone, or cannot have it any more. */
export function focusIsLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** For a button that is disabled while it works, which costs it the focus: has it back when it is done. */
export function useFocusBack(busy: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement>(null)
  const worked = useRef(false)
  useEffect(() => {
    if (worked.current && !busy && focusIsLost()) button.current?.focus()
    worked.current = busy
  }, [busy])
  return button
}
