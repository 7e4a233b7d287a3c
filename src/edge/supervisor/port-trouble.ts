import { createServer } from 'node:net'
import { EdgekeepError } from '../../contract/errors.ts'
import { nextFreePort, portOwner } from './port-owner.ts'

/**
 * Why nothing can listen on `port` of this computer now, tried by listening; null where it can. `except` are
 * ports that are not to be proposed instead. With `sharing`, whether several processes can.
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
