import { elapsedSince, uptimeMs } from '../../clock/uptime.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { createMutex } from '../../domain/mutex.ts'
import type { Vault } from '../vault/vault.ts'
import { type WrongSecrets, wrongSecrets } from '../core/settings.ts'

const wrongAttemptCodes = new Set([
  'vault.wrong_passphrase',
  'vault.wrong_code',
  'recovery.wrong',
  'recovery.malformed',
])

export function isWrongSecret(error: unknown): error is EdgekeepError {
  return error instanceof EdgekeepError && wrongAttemptCodes.has(error.code)
}

export type Attempts = ReturnType<typeof createAttempts>

const freeAttempts = 5
const firstWaitMs = 1000
const longestWaitMs = 60_000
/** Each attempt may take 128 MiB and a second of CPU time. */
const mostWaiting = 16

/** Persistent count of wrong secrets since the last right one. */
export interface WrongSecretsStore {
  read(): WrongSecrets
  write(wrong: WrongSecrets): void
}

/** Stored in the vault, locked or not: every process that opens it continues the count. */
export function wrongSecretsIn(vault: Pick<Vault, 'settings'>): WrongSecretsStore {
  return {
    read: () => wrongSecrets.read(vault),
    write: (wrong) => wrongSecrets.store(vault, wrong),
  }
}

const noneWrong: WrongSecrets = { count: 0, atUptimeMs: 0 }

/**
 * Rate limit for guesses at secrets of the vault. Callers cannot be distinguished, so they share it: a
 * guessing program can make the owner wait, and is listed in Activity for it. `now`: `uptimeMs`, shared by all
 * processes, so that neither a new time nor a restart gives more attempts.
 */
export function createAttempts(store: WrongSecretsStore, now: () => number = uptimeMs) {
  const exclusively = createMutex()
  let waiting = 0

  async function inTurn<T>(act: () => Promise<T>, isRight: (done: T) => boolean): Promise<T> {
    const before = store.read()
    const waitMs = waitAfter(before.count) - elapsedSince(before.atUptimeMs, now())
    if (waitMs > 0) throw tooMany(waitMs)
    const countWrong = () => store.write({ count: before.count + 1, atUptimeMs: now() })
    // Counts before the attempt: killing the process does not undo it.
    countWrong()
    try {
      const done = await act()
      store.write(isRight(done) ? noneWrong : before)
      return done
    } catch (error) {
      if (isWrongSecret(error)) countWrong()
      else store.write(before)
      throw error
    }
  }

  return {
    /**
     * Queues `act`. A success resets the count of wrong secrets, unless `isRight` returns false because no
     * guessable secret was tried.
     * @throws `vault.too_many_attempts` without having run it
     */
    run<T>(act: () => Promise<T>, isRight: (done: T) => boolean = () => true): Promise<T> {
      if (waiting >= mostWaiting) return Promise.reject(tooMany(firstWaitMs))
      waiting += 1
      return exclusively(() => inTurn(act, isRight)).finally(() => (waiting -= 1))
    },
  }
}

function waitAfter(count: number): number {
  return count < freeAttempts ? 0 : Math.min(firstWaitMs * 2 ** (count - freeAttempts), longestWaitMs)
}

function tooMany(waitMs: number): EdgekeepError {
  return new EdgekeepError('vault.too_many_attempts', { seconds: Math.ceil(waitMs / 1000) })
}
