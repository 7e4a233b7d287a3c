import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
export const collectGarbage = runInNewContext('gc') as () => void

export interface Collector {
  /** Collects garbage between the reads of ready sockets, before any immediate runs. */
  collectBetweenReads(): void
  close(): void
}

/** Forces a collection between two reads of one turn, which only a busy process meets by chance. */
export async function startCollector(): Promise<Collector> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', collectGarbage)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const bells: Socket[] = []
  for (let at = 0; at < 3; at += 1) {
    const bell = connect(port, '127.0.0.1')
    bell.on('error', () => undefined)
    await once(bell, 'connect')
    bells.push(bell)
  }
  return {
    collectBetweenReads() {
      for (const bell of bells) bell.write('x')
      // Everything written so far is readable when this turn ends.
      const endAt = performance.now() + 30
      while (performance.now() < endAt);
    },
    close() {
      server.close()
      for (const bell of bells) bell.destroy()
    },
  }
}
