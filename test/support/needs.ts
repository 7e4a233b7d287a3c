import { beforeEach, type TestOptions } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** Reason of a skipped test or group; printed by `scripts/tally-reporter.ts`. */
    skippedBecause?: string
  }
}

/** Skips every test of the file or group that calls it where something is missing, with what that is as the reason. */
export function needs(missing: string | null | undefined): void {
  beforeEach((context) => {
    if (missing) context.skip(missing)
  })
}

/** Options of a test or a group that is skipped, hooks and all, where something is missing, with that as the reason. */
export function unless(missing: string | null | undefined): TestOptions {
  return missing ? { skip: true, meta: { skippedBecause: missing } } : {}
}

export const posixOnly = unless(
  process.platform === 'win32' ? 'Windows has no POSIX signals, modes of files or named pipes' : null,
)

export const linuxOnly = unless(process.platform === 'linux' ? null : 'it needs what only Linux has')
