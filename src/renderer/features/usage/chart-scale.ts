/** Smallest round number at or above `value` whose quarters are also round. */
export function roundAbove(value: number): number {
  if (value <= 12) return Math.max(4, Math.ceil(value / 4) * 4)
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10
  return digit * power
}

/** Indexes of evenly spaced labels, at most `most`, including the first step. */
export function labelled(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every)
}
