import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { EdgekeepError } from '../contract/errors/registry.ts'
import { contained, keepListening, localTimeouts, type Failed } from '../platform/listeners/keep-listening.ts'
import { metricsText } from './usage/metrics.ts'
import type { UsageNeeds } from './usage/metering.ts'

/** Enough for Prometheus and a person in a browser; more would only use memory. */
const mostConnections = 64
/** Cache time of the metrics, whatever the request rate. */
const freshMs = 1000
const idleMs = 30_000

/**
 * Serves metrics for Prometheus on request of a person. They are no secret to programs of this computer, but
 * to the rest of the world: the listener is on loopback alone, and accepts only its own host name and no
 * request of a web page, so that no page reads them by DNS rebinding.
 * @throws `edge.port_taken` and `edge.port_forbidden`
 */
export async function openMetrics(port: number, parts: UsageNeeds): Promise<{ close(): void }> {
  const failed: Failed = (error) => parts.log.error({ err: error }, 'Metrics request failed')
  const numbers = cachedFor(freshMs, () => Buffer.from(metricsText(parts)))
  const server = createServer(
    localTimeouts,
    contained((request, response) => answer(port, numbers, request, response), failed),
  )
  server.setTimeout(idleMs)
  await keepListening(
    server,
    { port, host: '127.0.0.1' },
    { mostConnections: mostConnections, failed },
  ).catch((error: NodeJS.ErrnoException) => {
    const code = error.code === 'EACCES' ? 'edge.port_forbidden' : 'edge.port_taken'
    throw new EdgekeepError(code, { port }, { cause: error })
  })
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(
  port: number,
  numbers: () => Buffer,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const status = statusFor(request, port)
  if (status !== 200) return void response.writeHead(status).end()
  const body = numbers()
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** Checks the client before the path. */
function statusFor(request: IncomingMessage, port: number): number {
  if (!isForUs(request, port)) return 421
  if (request.headers.origin !== undefined) return 403
  if (pathOf(request.url) !== '/metrics') return 404
  return request.method === 'GET' || request.method === 'HEAD' ? 200 : 405
}

function isForUs(request: IncomingMessage, port: number): boolean {
  const hosts = request.headersDistinct.host ?? []
  return hosts.length === 1 && [`127.0.0.1:${port}`, `localhost:${port}`].includes(hosts[0] ?? '')
}

/** Path as sent, not parsed as a URL: only one path exists. */
function pathOf(target = ''): string {
  return target.split('?', 1)[0] ?? ''
}

function cachedFor<T>(timeMs: number, make: () => T): () => T {
  let cached: { value: T; until: number } | null = null
  return () => {
    if (!cached || cached.until < performance.now())
      cached = { value: make(), until: performance.now() + timeMs }
    return cached.value
  }
}
