import { useEffect } from 'react'
import { useOffers } from './offers.ts'

/** Runs the offered action of a pressed key, unless a control uses the key. */
export function useActionKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const { offered } = useOffers.getState()
      const mine = offered.findLast(({ action }) => action.key === event.key)
      if (!mine || mine.disabled || isWithin(event.target, event.key === ' ' ? controls : texts)) return
      event.preventDefault()
      mine.act()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

const panels = '[role="dialog"], [role="menu"]'
const texts = `input:not([type="radio"]), textarea, ${panels}`
const controls = `input, textarea, select, button, a, summary, ${panels}`

function isWithin(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null
}
