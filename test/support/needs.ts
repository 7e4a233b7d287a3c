import { beforeEach } from 'vitest'

/** Skips every test of the file or group that calls it where something is missing, with what that is as the reason. */
export function needs(missing: string | null | undefined): void {
  beforeEach((context) => {
    if (missing) context.skip(missing)
  })
}
