import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { WebSocket } from 'ws'
import type { EngineStatus } from '../../../contract/engine/engine-status.ts'
import { stoppedCloseCode } from '../../../contract/engine/engine-exit.ts'
import { EdgekeepError, type ErrorData } from '../../../contract/errors/registry.ts'
import { asEdgekeepError, type Client } from '../../../client/client.ts'
import { connectEngine, openControlSocket } from '../../../engine-process/connect.ts'
import type { Home } from '../../../engine-process/home.ts'
import { keepEngine, type SupervisedEngine } from '../../../engine-process/keep-engine.ts'
import type { EngineEnd } from '../../../engine-process/spawn-engine.ts'
import { describeEnd } from '../../../engine-process/start-engine.ts'
import { askLine } from '../../input/question.ts'
import { movedListenerAdvice, movedListeners } from '../../../domain/moved-listener.ts'
import { printError } from '../../output/output.ts'
import { refuseWithoutEffect, wantedFrom, type StartOptions, type StartSettings } from '../../flags/start.ts'

interface Running {
  /** The engine belongs to another Edgekeep and keeps running when this command ends. */
  isJoined: boolean
  status: EngineStatus | undefined
  /**
   * Resolves with null on request of a person or the system, or with the error when the engine is gone for
   * good.
   */
  end: Promise<EdgekeepError | null>
}

/**
 * Joins the running engine of `home`, or starts one, which ends after `use`. Signal handlers are installed
 * before `use` begins, so that an early signal causes an orderly end too.
 */
export async function withRunningEngine<T>(
  home: Home,
  options: StartOptions,
  use: (running: Running) => Promise<T>,
): Promise<T> {
  const wanted = wantedFrom(options)
  const joined = await statusOn(home)
  if (joined) refuseWithoutEffect(wanted, joined)
  const engine = joined ? null : await startSupervisedEngine(home, wanted)
  const watching = new AbortController()
  const signals = awaitSignals()
  try {
    const status = joined ?? (await statusOn(home))
    const lost = engine ? engine.lost : joinedEngineGone(home, watching.signal)
    return await use({ isJoined: engine === null, status, end: Promise.race([signals.received, lost]) })
  } finally {
    watching.abort()
    await engine?.stop()
    signals.close()
  }
}

/** Status of the engine that runs on `home`, if one does. */
export async function statusOn(home: Home): Promise<EngineStatus | undefined> {
  const connection = await connectEngine(home)
  try {
    return await connection?.client.engine.status()
  } finally {
    await connection?.close()
  }
}

/**
 * Calls the engine that runs on `home`.
 * @throws `edge.not_running`, and the errors of the calls
 */
export async function onEngine<T>(home: Home, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await connectEngine(home)
  if (!connection) throw new EdgekeepError('edge.not_running', {})
  try {
    return await use(connection.client)
  } catch (error) {
    throw error instanceof EdgekeepError ? error : asEdgekeepError(error)
  } finally {
    await connection.close()
  }
}

/**
 * Starts the engine with the selected ports. Names the owner of a port that is in use; at a terminal it
 * offers the next free one, otherwise it takes that one, unless a port number was given.
 */
async function startSupervisedEngine(home: Home, wanted: StartSettings): Promise<SupervisedEngine> {
  let { httpsPort, httpPort } = wanted
  const { workers, metricsPort } = wanted
  const askable = process.stdin.isTTY && process.stderr.isTTY
  const portTaken = askable || httpsPort !== undefined || httpPort !== undefined ? 'fail' : 'next'
  for (;;) {
    try {
      const options = { httpsPort, httpPort, portTaken, workers, metricsPort } as const
      return await keepEngine(home, options, {
        onCrash: (end) => printError(crashLine(home, end)),
        onRestart: () => void printMovedListeners(home),
      })
    } catch (error) {
      const offer = offered(error)
      if (!offer || !askable || !(await accepted(error as EdgekeepError, offer.next))) throw error
      if (offer.listener === 'http') httpPort = offer.next
      else httpsPort = offer.next
    }
  }
}

/** Line for a terminal in which nothing else says that domains were not served for a moment. */
function crashLine({ logFolder }: Home, end: EngineEnd): string {
  return `edgekeep: The engine ended unexpectedly ${describeEnd(end)}. It is started again. Logs: ${join(logFolder, 'engine-errors.log')} and engine.log beside it.`
}

/** Ports that other programs took before the engine was started again. */
async function printMovedListeners(home: Home): Promise<void> {
  // An engine that is gone again is reported by its end.
  const status = await statusOn(home).catch(() => undefined)
  for (const each of status ? movedListeners(status.edge) : [])
    printError(`edgekeep: ${movedListenerAdvice(each)}`)
}

function offered(error: unknown): { listener: 'https' | 'http'; next: number } | undefined {
  if (!(error instanceof EdgekeepError) || !/^edge\.port_(taken|forbidden)$/.test(error.code))
    return undefined
  const { listener, nextFreePort } = error.data as ErrorData<'edge.port_taken' | 'edge.port_forbidden'>
  return listener === undefined || nextFreePort === undefined ? undefined : { listener, next: nextFreePort }
}

async function accepted(error: EdgekeepError, next: number): Promise<boolean> {
  const answer = await askLine(`${error.message} Use ${next}? [Y/n] `)
  return answer !== null && !/^n/i.test(answer.trim())
}

/** Resolves with null at the first signal by which a person or the system ends a command. */
function awaitSignals(): { received: Promise<null>; close: () => void } {
  const { promise, resolve } = Promise.withResolvers<null>()
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const end = () => resolve(null)
  for (const name of names) process.once(name, end)
  const close = () => {
    for (const name of names) process.off(name, end)
  }
  return { received: promise, close }
}

/** Timeout for the restart of another Edgekeep's engine by its owner. */
const backWithinMs = 15_000

/**
 * Watches another Edgekeep's engine; after a restart it is watched again. Null when a person stopped it. `signal`
 * ends the watch, which would keep this process alive.
 */
async function joinedEngineGone(home: Home, signal: AbortSignal): Promise<EdgekeepError | null> {
  let missingSince = performance.now()
  while (!signal.aborted && performance.now() - missingSince < backWithinMs) {
    const socket = await openControlSocket(home).catch(() => null)
    if (socket) {
      if ((await closed(socket, signal)) === stoppedCloseCode) return null
      missingSince = performance.now()
    }
    // An abort counts as the end: nobody waits for the result any more.
    await delay(250, undefined, { signal }).catch(() => undefined)
  }
  return new EdgekeepError('engine.unreachable', { reason: 'the Edgekeep that ran it has ended' })
}

/** Resolves with the close code; `signal` closes it, because an open one keeps this process alive. */
async function closed(socket: WebSocket, signal: AbortSignal): Promise<number> {
  const close = () => socket.terminate()
  signal.addEventListener('abort', close)
  if (signal.aborted) close()
  const code = await new Promise<number>((resolve) => socket.once('close', resolve))
  signal.removeEventListener('abort', close)
  return code
}
