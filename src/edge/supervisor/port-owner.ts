import { createServer } from 'node:net'
import { formatPortHolder } from '../../domain/port-conflict.ts'
import { portHolders } from '../../platform/processes/port-holder.ts'
import { EdgekeepError } from '../../contract/errors/registry.ts'

/** Program that listens on a TCP port of this machine, `nginx (process 812)`; undefined if unknown. */
export async function portOwner(port: number): Promise<string | undefined> {
  const [holder] = await portHolders(port)
  return holder && formatPortHolder(holder)
}

/** Finds the first port above `port` that is free on all `addresses` and not in `except`; tries a hundred. */
export async function nextFreePort(
  port: number,
  addresses: string[],
  except: number[] = [],
): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + 100, 65535); candidate += 1) {
    if (!except.includes(candidate) && (await isPortFree(candidate, addresses))) return candidate
  }
  return undefined
}

export async function isPortFree(port: number, addresses: string[]): Promise<boolean> {
  for (const address of addresses) if (await isTaken(port, address)) return false
  return true
}

function isTaken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'EADDRNOTAVAIL' && error.code !== 'EAFNOSUPPORT'),
    )
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}

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
    owner,
    nextFreePort: free,
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
