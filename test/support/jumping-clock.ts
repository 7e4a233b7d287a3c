import type { TestEngine } from './engine.ts'

/** A clock that goes on from the real one, and jumps where a test says. */
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

/** Sets the clock and renews what is due by it; a look that went by the time before has ended first. */
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
