import { uptime } from 'node:os'

/**
 * Milliseconds since the computer was started, sleep included; the same in every process. Setting the time does not
 * change it. `performance.now()` stands still on Linux while the computer sleeps (CLOCK_MONOTONIC), and Node has no
 * call for CLOCK_BOOTTIME; `os.uptime()` reads /proc/uptime, which is that clock. Resolution: a second at worst.
 */
export function uptimeMs(): number {
  return uptime() * 1000
}

/**
 * Lower bound of the time since another reading of `uptimeMs`, by whichever process and before however many restarts
 * of the computer: a reading that is later than now is of an earlier run, and this run is not older than that.
 */
export function elapsedSince(reading: number, now: number): number {
  return now >= reading ? now - reading : now
}
