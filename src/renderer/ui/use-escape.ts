import { useWindowEvent } from '@mantine/hooks'
import type { RefObject } from 'react'

/**
 * Calls `onEscape` on Escape while `active`, unless something inside handled the key: a form that stops the
 * event, an open list, a dialog over `box`. Mantine's `closeOnEscape` runs before all of these.
 */
export function useEscape(active: boolean, box: RefObject<HTMLElement | null>, onEscape: () => void): void {
  useWindowEvent('keydown', (event) => {
    if (!active || event.key !== 'Escape' || event.isComposing || !(event.target instanceof Element)) return
    const { target } = event
    const dialog = target.closest('[role="dialog"]')
    if (dialog && dialog !== box.current) return
    if (target.getAttribute('data-mantine-stop-propagation') !== 'true') onEscape()
  })
}
