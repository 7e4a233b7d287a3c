/** The least round number at or above `value` of which the quarters are round too. */
export function roundAbove(value: number): number {
  if (value <= 12) return Math.max(4, Math.ceil(value / 4) * 4)
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10
  return digit * power
}

/** Which of `count` steps get a label: at most `most`, evenly, the first among them. */
export function labelled(count: number, most: number): number[] {
  const every = Math.max(1, Math.ceil(count / most))
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every)
}
