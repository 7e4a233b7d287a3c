/** Work that may be done in each window of time, in a unit of the caller's. */
export interface WorkBudget {
  /** Whether work may be begun now. */
  hasLeft(): boolean
  /** Takes what work has cost. What exceeds a window is taken from those after it. */
  spend(amount: number): void
  /** Milliseconds until the next window begins. */
  untilNextMs(): number
}

export function createWorkBudget(
  { perWindow, windowMs }: { perWindow: number; windowMs: number },
  now = () => performance.now(),
): WorkBudget {
  let current = 0
  let spent = 0

  function enter(): void {
    const window = Math.floor(now() / windowMs)
    spent = Math.max(0, spent - (window - current) * perWindow)
    current = window
  }

  return {
    hasLeft() {
      enter()
      return spent < perWindow
    },
    spend(amount) {
      enter()
      spent += amount
    },
    untilNextMs: () => windowMs - (now() % windowMs),
  }
}
