import { setTimeout as delay } from 'node:timers/promises'

/** A worker ends when its engine does; a machine under load may need seconds for it. */
const timeoutMs = 20_000
const pollMs = 50

/**
 * Waits until the workers of an engine that crashed have ended, or the timeout is over. Returns none, so that
 * a port that is still taken then is another program's.
 */
export async function allEnded(pids: readonly number[]): Promise<readonly number[]> {
  const endAt = performance.now() + timeoutMs
  while (pids.some(isAlive) && performance.now() < endAt) await delay(pollMs)
  return []
}

/** A process of another user, whose pid was reused, may not be signalled. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
