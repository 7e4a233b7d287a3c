import { beforeEach, type TestOptions } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Reason of a skipped test or group; printed by `scripts/tally-reporter.ts`. */
    skippedBecause?: string
  }
}

/** Skips every test of the calling file or group if `missing` is set, with that as the reason. */
export function needs(missing: string | null | undefined): void {
  beforeEach((context) => {
    if (missing) context.skip(missing)
  })
}

/** Options that skip a test or group, hooks included, if `missing` is set, with that as the reason. */
export function unless(missing: string | null | undefined): TestOptions {
  return missing ? { skip: true, meta: { skippedBecause: missing } } : {}
}

export const posixOnly = unless(
  process.platform === 'win32' ? 'Windows has no POSIX signals, modes of files or named pipes' : null,
)

export const linuxOnly = unless(process.platform === 'linux' ? null : 'it needs what only Linux has')
