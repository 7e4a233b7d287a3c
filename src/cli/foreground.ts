import { createInterface } from 'node:readline/promises'
import { EdgekeepError, type ErrorData } from '../contract/errors.ts'
import type { Home } from '../launch/home.ts'
import { keepEngine, type KeptEngine } from '../launch/keep-engine.ts'
import { printError } from './output.ts'

export interface PortOptions {
  httpsPort?: string
  httpPort?: string
}

/**
 * Starts the engine with the ports asked for. A taken port is named with its owner; at a terminal
 * the next free one is offered, elsewhere it is taken up where no port was asked for by number.
 */
export async function startKeptEngine(home: Home, options: PortOptions): Promise<KeptEngine> {
  let httpsPort = portOf('--https-port', options.httpsPort)
  let httpPort = portOf('--http-port', options.httpPort)
  const askable = process.stdin.isTTY && process.stderr.isTTY
  const portTaken = askable || httpsPort !== undefined || httpPort !== undefined ? 'fail' : 'next'
  for (;;) {
    try {
      return await keepEngine(home, { httpsPort, httpPort, portTaken })
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

/** Resolves when a person or the system asks to end, or the engine is lost for good. */
export async function untilEnd(engine: KeptEngine | null): Promise<EdgekeepError | null> {
  const { promise, resolve } = Promise.withResolvers<null>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(null))
  const lost = await Promise.race(engine ? [promise, engine.lost] : [promise])
  if (lost) printError(`edgekeep: ${lost.message}`)
  return lost
}
