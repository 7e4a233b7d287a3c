import { create } from 'zustand'
import type { Action, Offered } from './action.ts'

/** Timeout for a page opened by the palette to offer the chosen action. */
const offerWithinMs = 3000

interface Offers {
  /** Available actions; the last offer of an action wins. */
  offered: readonly Offered[]
  wanted: { action: Action; until: number } | null
}

export const useOffers = create<Offers>(() => ({ offered: [], wanted: null }))

/** Adds an offer and returns its withdrawal. Runs at once if the palette opened this page for the action. */
export function offer(mine: Offered): () => void {
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
