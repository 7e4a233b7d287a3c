import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Range below the ephemeral ports, which systems give to connections and to port 0. */
const ports = { from: 12_000, to: 32_000 }

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.from, ports.to)
    if (await isFree(port)) return port
  }
}

/** Binds on every address. */
function isFree(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const server = createServer()
    .once('error', () => resolve(false))
    .listen(port, () => server.close(() => resolve(true)))
  return promise
}
