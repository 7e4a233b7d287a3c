import { createServer } from 'node:net'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { nextFreePort, portOwner } from './port-owner.ts'

/**
 * Tries to listen on `port` and returns the failure, or null. `except` are ports that are not proposed
 * instead. With `sharing`, several processes have to be able to listen.
 */
export async function portTrouble(
  port: number,
  except: number[],
  { sharing = false } = {},
): Promise<EdgekeepError | null> {
  const code = await failureToListen(port, sharing)
  if (code === null) return null
  if (code === 'EACCES') return new EdgekeepError('edge.port_forbidden', { port })
  if (code === 'ENOTSUP') return new EdgekeepError('edge.workers_unsupported', {})
  const [owner, free] = await Promise.all([portOwner(port), nextFreePort(port, ['127.0.0.1'], except)])
  return new EdgekeepError('edge.port_taken', {
    port,
    ...(owner === undefined ? {} : { owner }),
    ...(free === undefined ? {} : { nextFreePort: free }),
  })
}

function failureToListen(port: number, sharing: boolean): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
    server.listen({ host: '127.0.0.1', port, exclusive: true, ...(sharing && { reusePort: true }) }, () =>
      server.close(() => resolve(null)),
    )
  })
}
