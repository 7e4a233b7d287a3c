import { agreedTime, withReading } from '../clock/agreed-time.ts'
import { eraseEndedRevokers } from './local-authority/revocation.ts'
import type { UsageStore } from './usage/store.ts'
import type { Core } from './core/core.ts'
import { clockReadings } from './core/settings.ts'

const lookEveryMs = 10 * 60_000

export type Pruning = ReturnType<typeof createPruning>

/**
 * Prunes rows by age, as the only module that does. The system's time may be wrong when it is read, so one
 * reading is never enough; see `agreedTime`. `monotonic`: milliseconds that this process has run.
 */
export function createPruning(
  parts: Pick<Core, 'vault' | 'clock' | 'log'> & { usage: Pick<UsageStore, 'prune'> },
  monotonic: () => number = () => performance.now(),
) {
  const { vault, clock, log, usage } = parts
  const { runningMs } = clockReadings.read(vault)
  const startedAt = monotonic()

  /** Returns the agreed time after this reading, or null. */
  function readClock(): Date | null {
    const now = { timeMs: clock().getTime(), runningMs: runningMs + monotonic() - startedAt }
    const before = clockReadings.read(vault)
    clockReadings.store(vault, withReading(before, now))
    return agreedTime(before, now)
  }

  function prune(): void {
    const time = readClock()
    if (!time) return
    usage.prune(time)
    if (vault.protection.locked) return
    const revokers = vault.authority.revokers().map(({ spkiSha256 }) => spkiSha256)
    vault.issued.prune(time, revokers)
    eraseEndedRevokers(vault, time)
  }

  function safely(act: () => unknown): void {
    try {
      // The vault is already closed when a backup has replaced it.
      if (vault.isOpen()) act()
    } catch (error) {
      log.error({ err: error }, 'Pruning failed')
    }
  }

  const look = () => safely(prune)
  const timer = setInterval(look, lookEveryMs).unref()
  return {
    /** Prunes by the time on which readings hours apart agree. */
    look,
    close() {
      clearInterval(timer)
      safely(readClock)
    },
  }
}
