export interface Tally {
  passed: number
  /** A line per failure: place and first line of the message. */
  failures: string[]
  skipped: { test: string; reason: string }[]
}

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, each) => total + each.passed, 0),
    failures: tallies.flatMap((each) => each.failures),
    skipped: tallies.flatMap((each) => each.skipped),
  }
}

/** `412 passed, 0 failed`, and `, 2 skipped` where there are any. */
export function formatTally({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
