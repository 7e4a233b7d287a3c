import { EdgekeepError } from '../../../contract/errors.ts'

/** Failures that mean that the given secret is wrong. */
const wrongAttemptCodes = new Set([
  'vault.wrong_passphrase',
  'vault.wrong_code',
  'recovery.wrong',
  'recovery.malformed',
])

export function isWrongSecret(error: unknown): error is EdgekeepError {
  return error instanceof EdgekeepError && wrongAttemptCodes.has(error.code)
}

/**
 * Bounds how fast secrets of the vault can be guessed at. Callers cannot be told apart, so they share
 * one bound: whoever guesses can make the owner wait, and is listed in Activity for it.
 */
export interface Attempts {
  /**
   * Runs `act` when it is its turn. What succeeds ends the counting of wrong secrets, unless `isRight` says of its
   * result that none of those that are guessed at was tried.
   * @throws `vault.too_many_attempts` without having run it
   */
  run<T>(act: () => Promise<T>, isRight?: (done: T) => boolean): Promise<T>
}

const freeAttempts = 5
const firstWaitMs = 1000
const longestWaitMs = 60_000
/** Each may take the 128 MiB and the second of a passphrase. */
const mostWaiting = 16

/** `now`: milliseconds of a monotonic clock, so that setting the time gives nobody more attempts. */
export function createAttempts(now: () => number = () => performance.now()): Attempts {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let wrong = 0
  let notBefore = 0

  async function inTurn<T>(act: () => Promise<T>, isRight: (done: T) => boolean): Promise<T> {
    if (now() < notBefore) throw tooMany(notBefore - now())
    try {
      const done = await act()
      if (isRight(done)) wrong = 0
      return done
    } catch (error) {
      if (isWrongSecret(error)) countWrong()
      throw error
    }
  }

  function countWrong(): void {
    wrong += 1
    if (wrong < freeAttempts) return
    notBefore = now() + Math.min(firstWaitMs * 2 ** (wrong - freeAttempts), longestWaitMs)
  }

  function run<T>(act: () => Promise<T>, isRight: (done: T) => boolean = () => true): Promise<T> {
    if (waiting >= mostWaiting) return Promise.reject(tooMany(firstWaitMs))
    waiting += 1
    const done = last.then(() => inTurn(act, isRight)).finally(() => (waiting -= 1))
    last = done.catch(() => undefined)
    return done
  }

  return { run }
}

function tooMany(waitMs: number): EdgekeepError {
  return new EdgekeepError('vault.too_many_attempts', { seconds: Math.ceil(waitMs / 1000) })
}
