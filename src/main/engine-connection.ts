import { EdgekeepError } from '../contract/errors/registry.ts'
import { openControlSocket } from '../engine-process/connect.ts'
import type { Home } from '../engine-process/home.ts'
import type { Installation } from '../engine-process/installation.ts'
import { keepEngine, type SupervisedEngine } from '../engine-process/keep-engine.ts'
import type { SpawnedEngine } from '../engine-process/spawn-engine.ts'
import type { DesktopLog } from './desktop-log.ts'
import { engineOptions } from './desktop-options.ts'
import type { EnginePresence } from './engine-view.ts'

/** Time for a joined engine's launcher to restart it. After it the app starts one of its own. */
const broughtBackWithinMs = 3000

/** Engine of the desktop app: a joined one, its own, or the reason for having none. */
export type EngineConnection = ReturnType<typeof connectToEngine>

/**
 * Connects without waiting: windows open meanwhile. `spawned`: an engine that was started ahead, ready or
 * not. `attempts`: as in `keepEngine`.
 */
export function connectToEngine(
  home: Home,
  { engineEntry }: Pick<Installation, 'engineEntry'>,
  log: DesktopLog,
  { spawned = null, attempts }: { spawned?: SpawnedEngine | null; attempts?: number } = {},
) {
  const listeners: (() => void)[] = []
  let problem: EdgekeepError | null = null
  let ownEngine: SupervisedEngine | null = null
  const ending = new AbortController()
  let presence: EnginePresence = { state: 'none', pid: null }
  let goneTimer: NodeJS.Timeout | null = null

  const setProblem = (reason: EdgekeepError | null) => {
    problem = reason
    for (const listener of listeners) listener()
  }
  const begin = async () => {
    const ahead = spawned
    spawned = null
    const running = ahead ? null : await openControlSocket(home)
    if (running) return running.close()
    const start = { attempts, spawned: ahead, signal: ending.signal }
    const engine = await keepEngine(home, { ...engineOptions, engineEntry }, start)
    if (ending.signal.aborted) return engine.stop()
    ownEngine = engine
    void engine.lost.then((reason) => {
      ownEngine = null
      if (!reason) return
      log.error({ err: reason }, 'Engine exited repeatedly, giving up')
      setProblem(reason)
    })
  }
  const attempt = () =>
    begin().then(
      () => problem && setProblem(null),
      (error: unknown) => {
        if (ending.signal.aborted) return
        log.error({ err: error }, 'Engine start failed')
        setProblem(asReason(error))
      },
    )

  let attempting: Promise<unknown> | null = null
  const tryNow = () => {
    if (!ending.signal.aborted) attempting ??= attempt().finally(() => (attempting = null))
  }
  /** Replaces a joined engine that ended and was not restarted. */
  const replaceGone = () => {
    goneTimer = null
    if (ownEngine || problem || presence.state !== 'none') return
    log.warn({}, 'Joined engine ended, starting one of our own')
    tryNow()
  }
  tryNow()
  return {
    isOurs: () => ownEngine !== null,
    /** Reason for having no engine; null while one runs, starts or restarts. */
    problem: () => problem,
    /** Called when `problem` has changed, and when another attempt has failed for the same reason. */
    onChange: (listener: () => void) => void listeners.push(listener),
    /** After a problem: tries again, or restarts an engine that does not answer. */
    retry() {
      if (!problem) return
      if (problem.code !== 'engine.unresponsive') return tryNow()
      log.warn({ pid: presence.pid }, 'Engine unresponsive, restarting it')
      if (ownEngine) ownEngine.restart()
      // The connection to this process is still open, so its pid has not passed to another.
      else if (presence.pid !== null) kill(presence.pid, log)
    },
    observe(next: EnginePresence) {
      presence = next
      if (next.state !== 'none' && goneTimer) {
        clearTimeout(goneTimer)
        goneTimer = null
      }
      if (next.state === 'none' && !attempting) goneTimer ??= setTimeout(replaceGone, broughtBackWithinMs)
      // An engine that was silent from the start left `engine.busy`, the error of joining it.
      if (next.state === 'answers' && problem?.code === 'engine.busy') tryNow()
      const isSilent = next.state === 'silent' && next.pid !== null
      if (isSilent && !problem) setProblem(new EdgekeepError('engine.unresponsive', {}))
      if (!isSilent && problem?.code === 'engine.unresponsive') setProblem(null)
    },
    /** Ends the app's own engine; leaves a joined one alone. */
    async end() {
      ending.abort()
      if (goneTimer) clearTimeout(goneTimer)
      await attempting
      await ownEngine?.stop()
    },
  }
}

function kill(pid: number, log: DesktopLog): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    log.error({ err: error, pid }, 'Unresponsive engine not terminated')
  }
}

function asReason(error: unknown): EdgekeepError {
  if (error instanceof EdgekeepError) return error
  const reason = 'it could not be started, and the details are in the log of the desktop app'
  return new EdgekeepError('engine.unreachable', { reason }, { cause: error })
}
