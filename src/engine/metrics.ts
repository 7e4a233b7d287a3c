import { createServer, type IncomingMessage } from 'node:http'
import { EdgekeepError } from '../contract/errors.ts'
import { metricsText } from './services/metrics.ts'
import type { EngineParts } from './services/parts.ts'

/**
 * Serves the meter's numbers to Prometheus, where a person asked for it. They are no secret to the
 * programs of this computer, but to the rest of the world: it listens on loopback alone, and answers
 * only to its own name, so that no web page reads them through a name that it points here.
 *
 * Throws `edge.port_taken` and `edge.port_forbidden`.
 */
export async function openMetrics(port: number, parts: EngineParts): Promise<{ close(): void }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const status = isForUs(request, port) ? (path === '/metrics' ? statusFor(request) : 404) : 421
    if (status !== 200) return void response.writeHead(status).end()
    response.writeHead(200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    response.end(request.method === 'HEAD' ? undefined : metricsText(parts))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EACCES' ? 'edge.port_forbidden' : 'edge.port_taken'
      reject(new EdgekeepError(code, { port }, { cause: error }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function isForUs(request: IncomingMessage, port: number): boolean {
  const hosts = request.headersDistinct.host ?? []
  return hosts.length === 1 && [`127.0.0.1:${port}`, `localhost:${port}`].includes(hosts[0] ?? '')
}

function statusFor({ method }: IncomingMessage): number {
  return method === 'GET' || method === 'HEAD' ? 200 : 405
}
