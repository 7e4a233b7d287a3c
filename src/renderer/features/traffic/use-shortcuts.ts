import { useEffect, type RefObject } from 'react'
import { useTrafficView } from './view-store.ts'

/** "/" goes to the search, Space holds the list and lets it go, unless a key is meant for a control. */
export function useShortcuts(search: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === '/' && !isWithin(event.target, texts)) search.current?.focus()
      else if (event.key === ' ' && !isWithin(event.target, controls)) {
        const { paused, setPaused } = useTrafficView.getState()
        setPaused(!paused)
      } else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [search])
}

const panels = '[role="dialog"], [role="menu"]'
const texts = `input:not([type="radio"]), textarea, ${panels}`
const controls = `input, textarea, select, button, a, summary, ${panels}`

function isWithin(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null
}
