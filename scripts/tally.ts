/** What a part of the test run came to. */
export interface Tally {
  passed: number
  failed: number
  skipped: { test: string; reason: string }[]
}

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, each) => total + each.passed, 0),
    failed: tallies.reduce((total, each) => total + each.failed, 0),
    skipped: tallies.flatMap((each) => each.skipped),
  }
}

/** `412 passed, 0 failed`, and `, 2 skipped` where there are any. */
export function inWords({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
