import type { TestEngine } from './engine.ts'

/** Real clock plus an offset that the test sets. */
export interface JumpingClock {
  now: () => Date
  /** Sets the offset from the real clock; negative is in the past. */
  jumpTo(aheadMs: number): void
}

export const dayMs = 86_400_000

export function jumpingClock(aheadMs = 0): JumpingClock {
  let ahead = aheadMs
  return {
    now: () => new Date(Date.now() + ahead),
    jumpTo(next) {
      ahead = next
    },
  }
}

/** Sets the clock and runs the renewals due by it, after a running check has ended. */
export async function lookAt(
  clock: JumpingClock,
  aheadMs: number,
  { engine }: Pick<TestEngine, 'engine'>,
): Promise<void> {
  const { renewal } = engine.context.parts
  await renewal?.look()
  clock.jumpTo(aheadMs)
  await renewal?.look()
}
