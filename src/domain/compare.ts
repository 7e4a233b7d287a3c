/** Orders text for people, numbers in it by value. A collator is many times faster than `localeCompare`. */
export const compareText = new Intl.Collator(undefined, { numeric: true }).compare

/** Orders times in ISO 8601, which sort as they are. */
export function compareTimes(one: string, other: string): number {
  if (one === other) return 0
  return one < other ? -1 : 1
}
