/** Budget of work per time window, in a unit of the caller's. */
export type WorkBudget = ReturnType<typeof createWorkBudget>

export function createWorkBudget(
  { perWindow, windowMs }: { perWindow: number; windowMs: number },
  now = () => performance.now(),
) {
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
    /** Charges the cost of work. The excess over a window is charged to later ones. */
    spend(amount: number) {
      enter()
      spent += amount
    },
    untilNextMs: () => windowMs - (now() % windowMs),
  }
}
