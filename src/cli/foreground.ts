import { createInterface } from 'node:readline/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { EngineStatus } from '../contract/engine-status.ts'
import { EdgekeepError, type ErrorData } from '../contract/errors.ts'
import { connectEngine, openControlSocket } from '../launch/connect.ts'
import type { Home } from '../launch/home.ts'
import { keepEngine, type KeptEngine } from '../launch/keep-engine.ts'

export interface StartOptions {
  httpsPort?: string
  httpPort?: string
  workers?: string
  metrics?: string
}

/** The engine that runs on `home`, or one started here: `engine` is null where another keeps it. */
export async function joinOrStart(
  home: Home,
  options: StartOptions,
): Promise<{ engine: KeptEngine | null; status: EngineStatus | undefined }> {
  const running = await connectEngine(home)
  const engine = running ? null : await startKeptEngine(home, options)
  const connection = running ?? (await connectEngine(home))
  const status = await connection?.client.engine.status()
  await connection?.close()
  return { engine, status }
}

/**
 * Starts the engine with the ports asked for. A taken port is named with its owner; at a terminal
 * the next free one is offered, elsewhere it is taken up where no port was asked for by number.
 */
async function startKeptEngine(home: Home, options: StartOptions): Promise<KeptEngine> {
  let httpsPort = portOf('--https-port', options.httpsPort)
  let httpPort = portOf('--http-port', options.httpPort)
  const workers = workersOf(options.workers)
  const metricsPort = portOf('--metrics', options.metrics)
  const askable = process.stdin.isTTY && process.stderr.isTTY
  const portTaken = askable || httpsPort !== undefined || httpPort !== undefined ? 'fail' : 'next'
  for (;;) {
    try {
      return await keepEngine(home, { httpsPort, httpPort, portTaken, workers, metricsPort })
    } catch (error) {
      const offer = offered(error)
      if (!offer || !askable || !(await accepted(error as EdgekeepError, offer.next))) throw error
      if (offer.port === (httpPort ?? DEFAULT_HTTP_PORT)) httpPort = offer.next
      else httpsPort = offer.next
    }
  }
}

const DEFAULT_HTTP_PORT = 8080

function offered(error: unknown): { port: number; next: number } | undefined {
  if (!(error instanceof EdgekeepError) || error.code !== 'edge.port_taken') return undefined
  const { port, nextFreePort } = error.data as ErrorData<'edge.port_taken'>
  return nextFreePort === undefined ? undefined : { port, next: nextFreePort }
}

async function accepted(error: EdgekeepError, next: number): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${error.message} Use ${next}? [Y/n] `)
    return !/^n/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN
  if (port >= 1 && port <= 65535) return port
  throw new EdgekeepError('usage.wrong', {
    reason: `${option} ${text} is no port; give a number from 1 to 65535.`,
  })
}

function workersOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const workers = /^\d{1,2}$/.test(text) ? Number(text) : NaN
  if (workers >= 1 && workers <= MOST_WORKERS) return workers
  throw new EdgekeepError('usage.wrong', {
    reason: `--workers ${text} is no number of workers; give one from 1 to ${MOST_WORKERS}.`,
  })
}

const MOST_WORKERS = 64

/** Resolves when a person or the system asks to end, or the engine is gone for good: with the reason. */
export function untilEnd(home: Home, engine: KeptEngine | null): Promise<EdgekeepError | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(null))
  return Promise.race([promise, engine ? engine.lost : joinedEngineGone(home)])
}

/** How long an engine that is not ours may take to be brought back by whoever keeps it. */
const BACK_WITHIN_MS = 15_000

/** Watches an engine that another Edgekeep keeps; one that is brought back is watched again. */
async function joinedEngineGone(home: Home): Promise<EdgekeepError> {
  let missingSince = performance.now()
  while (performance.now() - missingSince < BACK_WITHIN_MS) {
    const socket = await openControlSocket(home).catch(() => null)
    if (socket) {
      await new Promise((resolve) => socket.once('close', resolve))
      missingSince = performance.now()
    }
    await delay(250)
  }
  return new EdgekeepError('engine.unreachable', { reason: 'the Edgekeep that ran it has ended' })
}
