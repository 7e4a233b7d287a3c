import { setTimeout as delay } from 'node:timers/promises'
import { engineExits, restartExit } from '../contract/engine/engine-exit.ts'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { isEngineStuck } from './connect.ts'
import type { Home } from './home.ts'
import { startEngine, type EngineOptions, type EngineProcess, type EngineStart } from './start-engine.ts'
import type { EngineEnd } from './spawn-engine.ts'

const firstDelayMs = 50
const longestDelayMs = 5000
const attemptsAllowed = 12
/** Uptime after which a death starts a new series of restart attempts. */
const settledMs = 30_000
/** A live engine answers in milliseconds; a stuck one would use up the whole grace period of a stop. */
const answersAtStopMs = 1000

interface KeepOptions extends EngineStart {
  attempts?: number
  /** Called when the engine ended, but not in order, before it is started again. */
  onCrash?: (end: EngineEnd) => void
  /** Called when it runs again, maybe on other ports. */
  onRestart?: () => void
}

/** Backoff before attempt `attempt`, from 0. */
export function restartDelayMs(attempt: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** attempt)
}

export type SupervisedEngine = Awaited<ReturnType<typeof keepEngine>>

/**
 * Starts an engine and restarts it when it dies, on the ports in force then; gives up after `attempts`.
 * `spawned` and `signal` apply to the first start.
 *
 * @throws as `startEngine` does
 */
export async function keepEngine(
  home: Home,
  options: EngineOptions,
  { attempts = attemptsAllowed, onCrash, onRestart, ...start }: KeepOptions = {},
) {
  const first = await startEngine(home, options, start)
  // A port that another program took meanwhile is reported by an edge on the next one.
  const again: EngineOptions = { ...options, again: true, portTaken: 'next' }
  const stopping = new AbortController()
  let current: EngineProcess | null = first

  async function watch(): Promise<EdgekeepError | 'stopped' | null> {
    let attempt = 0
    while (current) {
      const startedAt = performance.now()
      const end = await current.exited
      const { status } = end
      current = null
      if (stopping.signal.aborted) return null
      if (status === engineExits.homeGone) return homeGone()
      if (status === engineExits.stopped) return 'stopped'
      if (performance.now() - startedAt > settledMs) attempt = 0
      if (status !== restartExit && status !== 0) onCrash?.(end)
      const outcome = await bringBack(home, status === restartExit ? options : again, {
        from: attempt,
        attempts,
        signal: stopping.signal,
      })
      if (outcome instanceof EdgekeepError) return outcome
      if (!outcome) return null
      current = outcome.engine
      attempt = outcome.attempt
      onRestart?.()
    }
    return null
  }

  const watching = watch()
  return {
    ready: first.ready,
    /** Pid of the current engine; null between two. */
    pid: () => current?.pid ?? null,
    /** Resolves with the reason when all restart attempts have failed; with null when a person stopped it. */
    lost: watching.then((reason) =>
      reason === 'stopped' ? null : (reason ?? new Promise<never>(() => undefined)),
    ),
    /** Ends it in order, or kills it if it does not answer. */
    async stop() {
      stopping.abort()
      if (current && (await isEngineStuck(home, answersAtStopMs))) current?.kill()
      await current?.stop()
      await watching
    },
    /** Kills it, which triggers a restart. */
    restart: () => current?.kill(),
  }
}

function homeGone(): EdgekeepError {
  const reason =
    'it was moved or deleted while Edgekeep was running. Move it back, or name its place with --home'
  return new EdgekeepError('home.unusable', { reason })
}

/** Returns the new engine, the last failure after all attempts, or null if cancelled. */
async function bringBack(
  home: Home,
  options: EngineOptions,
  { from, attempts, signal }: { from: number; attempts: number; signal: AbortSignal },
): Promise<{ engine: EngineProcess; attempt: number } | EdgekeepError | null> {
  let failure = new EdgekeepError('engine.unreachable', { reason: 'it ends again and again' })
  for (let attempt = from; attempt < attempts; attempt++) {
    await delay(restartDelayMs(attempt), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return null
    try {
      const engine = await startEngine(home, options, { signal })
      if (!signal.aborted) return { engine, attempt: attempt + 1 }
      await engine.stop()
      return null
    } catch (error) {
      if (signal.aborted) return null
      if (!(error instanceof EdgekeepError)) throw error
      failure = error
    }
  }
  return failure
}
