const usual = [5, 15, 30, 60, 240]

/** The delays to choose from, never first; one that was set otherwise (by a command) is among them. */
export function delays(current: number | null): (number | null)[] {
  const all = current === null || usual.includes(current) ? usual : [...usual, current]
  return [null, ...all.toSorted((one, other) => one - other)]
}
