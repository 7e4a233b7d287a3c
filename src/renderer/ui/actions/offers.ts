import { create } from 'zustand'
import { type Action, type Offered, labelSpaces } from './action.ts'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useEnded, useLocked } from '../primitives/change-controls.tsx'

/** Timeout for a page opened by the palette to offer the chosen action. */
const offerWithinMs = 3000

interface Offers {
  /** Available actions; the last offer of an action wins. */
  offered: readonly Offered[]
  wanted: { action: Action; until: number } | null
}

export const useOffers = create<Offers>(() => ({ offered: [], wanted: null }))

/** Adds an offer and returns its withdrawal. Runs at once if the palette opened this page for the action. */
function offer(mine: Offered): () => void {
  const { wanted } = useOffers.getState()
  useOffers.setState(({ offered }) => ({ offered: [...offered, mine] }))
  if (wanted?.action === mine.action) {
    useOffers.setState({ wanted: null })
    if (!mine.disabled && performance.now() < wanted.until) queueMicrotask(mine.act)
  }
  return () => useOffers.setState(({ offered }) => ({ offered: offered.filter((each) => each !== mine) }))
}

/** Stores `action` until the page opened by `lead` offers it. */
export function awaitOffer(action: Action, lead: () => void): void {
  useOffers.setState({ wanted: { action, until: performance.now() + offerWithinMs } })
  lead()
}

export function offerOf(offered: readonly Offered[], action: Action): Offered | undefined {
  return offered.findLast((each) => each.action === action)
}

/** Sentence for why an action is unavailable, null if it is available: window actions always work, read-only actions also while the vault is locked. */
export function useHindrances(): (action: Action) => string | null {
  const ended = useEnded()
  const locked = useLocked()
  return ({ isOfWindow, changes }) => (isOfWindow ? null : changes ? locked : ended)
}

/** Offers `action` to its key and the palette while the component is mounted. */
export function useOffer(
  action: Action,
  now: { act: () => void; label?: string; disabled?: boolean },
): Offered {
  const { t } = useTranslation(labelSpaces)
  const label = now.label ?? t(action.label)
  const hindrance = useHindrances()(action)
  const disabled = (now.disabled ?? false) || hindrance !== null
  const latest = useRef(now.act)
  useEffect(() => {
    latest.current = now.act
  })
  const mine = useMemo(
    () => ({ action, label, hindrance, disabled, act: () => latest.current() }),
    [action, label, hindrance, disabled],
  )
  useEffect(() => offer(mine), [mine])
  return mine
}

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
