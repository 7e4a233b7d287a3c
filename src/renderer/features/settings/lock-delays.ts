const usual = [5, 15, 30, 60, 240]

/** Delays to choose from, starting with "never". Includes a custom value set by a command. */
export function delays(current: number | null): (number | null)[] {
  const all = current === null || usual.includes(current) ? usual : [...usual, current]
  return [null, ...all.toSorted((one, other) => one - other)]
}
