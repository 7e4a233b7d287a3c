import { useEffect, useRef, type RefObject } from 'react'
import { useWindowEvent } from '@mantine/hooks'

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

/**
 * Ref of a dialog: if it is unmounted while open, the element that had the focus before it gets it back. Mantine
 * returns the focus only if a dialog closes first.
 */
export function returnFocus(root: HTMLElement): () => void {
  const before = document.activeElement
  return () => {
    if (!root.querySelector('[role="dialog"]') || !(before instanceof HTMLElement)) return
    setTimeout(() => focusIsLost() && before.focus({ preventScroll: true }))
  }
}

/**
 * Calls `onEscape` on Escape while `active`, unless something inside handled the key: a form that stops the
 * event, an open list, a dialog over `box`. Mantine's `closeOnEscape` runs before all of these.
 */
export function useEscape(active: boolean, box: RefObject<HTMLElement | null>, onEscape: () => void): void {
  useWindowEvent('keydown', (event) => {
    if (!active || event.key !== 'Escape' || event.isComposing || !(event.target instanceof Element)) return
    const dialog = event.target.closest('[role="dialog"]')
    if (dialog && dialog !== box.current) return
    if (!hasOpenList(event.target)) onEscape()
  })
}

/** True for a field with an open list, which takes Escape for itself. */
export function hasOpenList(target: EventTarget): boolean {
  return target instanceof Element && target.getAttribute('data-mantine-stop-propagation') === 'true'
}

export function dialogIsOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null
}
