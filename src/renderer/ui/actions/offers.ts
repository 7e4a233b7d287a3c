import { create } from 'zustand'
import type { Action, Offered } from './action.ts'

/** How long a page that the palette leads to has to offer what was chosen. */
const offerWithinMs = 3000

interface Offers {
  /** What can be done now, the latest offer of an action last. */
  offered: readonly Offered[]
  wanted: { action: Action; until: number } | null
}

/** What the parts of the window that are on the screen offer to do. */
export const useOffers = create<Offers>(() => ({ offered: [], wanted: null }))

/** Adds an offer and gives what withdraws it. Does it at once where the palette has led here for it. */
export function offer(mine: Offered): () => void {
  const { wanted } = useOffers.getState()
  useOffers.setState(({ offered }) => ({ offered: [...offered, mine] }))
  if (wanted?.action === mine.action) {
    useOffers.setState({ wanted: null })
    if (!mine.disabled && performance.now() < wanted.until) queueMicrotask(mine.act)
  }
  return () => useOffers.setState(({ offered }) => ({ offered: offered.filter((each) => each !== mine) }))
}

/** Keeps `action` until the page that `lead` leads to offers it. */
export function awaitOffer(action: Action, lead: () => void): void {
  useOffers.setState({ wanted: { action, until: performance.now() + offerWithinMs } })
  lead()
}

/** The offer of `action` that stands now. */
export function offerOf(offered: readonly Offered[], action: Action): Offered | undefined {
  return offered.findLast((each) => each.action === action)
}
