import { EdgekeepError } from '../contract/errors.ts'
import { openControlSocket } from '../launch/connect.ts'
import type { Home } from '../launch/home.ts'
import type { Installation } from '../launch/installation.ts'
import { keepEngine, type KeptEngine } from '../launch/keep-engine.ts'
import type { SpawnedEngine } from '../launch/spawn-engine.ts'
import type { DesktopLog } from './desktop-log.ts'
import { engineOptions } from './engine-options.ts'

/** The engine the desktop app shows: one that ran already, or one of its own; or why there is none. */
export interface EngineTie {
  /** Started by this app, and ended with it. */
  isOurs(): boolean
  /** Why there is no engine; null while one runs, is being started, or is brought back. */
  problem(): EdgekeepError | null
  /** Called when `problem` has changed, and when another attempt has failed for the same reason. */
  onChange(listener: () => void): void
  /** After a problem: tries again. */
  retry(): void
  /** Ends the app's own engine; leaves alone one that somebody else started. */
  end(): Promise<void>
}

/**
 * Ties at once and without waiting: windows open meanwhile. `spawned`: one that was started ahead, whether or not
 * it runs by now. `attempts`: as `keepEngine` takes them.
 */
export function tieToEngine(
  home: Home,
  { engineEntry }: Pick<Installation, 'engineEntry'>,
  log: DesktopLog,
  { spawned = null, attempts }: { spawned?: SpawnedEngine | null; attempts?: number } = {},
): EngineTie {
  const listeners: (() => void)[] = []
  let problem: EdgekeepError | null = null
  let kept: KeptEngine | null = null
  let ending = false

  const say = (reason: EdgekeepError | null) => {
    problem = reason
    for (const listener of listeners) listener()
  }
  const begin = async () => {
    const ahead = spawned
    spawned = null
    const running = ahead ? null : await openControlSocket(home)
    if (running) return running.close()
    const engine = await keepEngine(home, { ...engineOptions, engineEntry }, attempts, ahead)
    if (ending) return engine.stop()
    kept = engine
    void engine.lost.then((reason) => {
      kept = null
      log.error({ err: reason }, 'The engine ended again and again, and is given up')
      say(reason)
    })
  }
  const attempt = () =>
    begin().then(
      () => problem && say(null),
      (error: unknown) => {
        log.error({ err: error }, 'The engine could not be started')
        say(asReason(error))
      },
    )

  let attempting: Promise<unknown> | null = attempt().finally(() => (attempting = null))
  return {
    isOurs: () => kept !== null,
    problem: () => problem,
    onChange: (listener) => void listeners.push(listener),
    retry() {
      if (problem && !ending) attempting ??= attempt().finally(() => (attempting = null))
    },
    async end() {
      ending = true
      await attempting
      await kept?.stop()
    },
  }
}

function asReason(error: unknown): EdgekeepError {
  if (error instanceof EdgekeepError) return error
  const reason = 'it could not be started, and the details are in the log of the desktop app'
  return new EdgekeepError('engine.unreachable', { reason }, { cause: error })
}
