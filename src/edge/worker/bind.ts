import type { SendHandle } from 'node:child_process'
import { createServer, type AddressInfo, type ListenOptions, type Server } from 'node:net'
import type { ListenRequest } from '../protocol/worker-protocol.ts'

export class ListenError extends Error {
  readonly code: string
  readonly port: number
  constructor(code: string, port: number) {
    super(`cannot listen on port ${port}: ${code}`)
    this.code = code
    this.port = port
  }
}

interface Place extends Pick<ListenRequest, 'addresses' | 'sharing'> {
  port: number
}

/**
 * Listens on every address of this machine, on the same port; on none if one of them fails.
 *
 * @throws ListenError
 */
export async function listenOnAll<S extends Server>(
  { addresses, port, sharing }: Place,
  create: () => S,
  servers: S[],
): Promise<{ port: number; addresses: string[] }> {
  for (let attempt = 1; ; attempt += 1) {
    const opened: S[] = []
    try {
      const chosen = sharing === 'first' ? await claimed(addresses, port) : port
      const options = { exclusive: true, ...(sharing && { reusePort: true }) }
      const listening = await openAll(addresses, { ...options, port: chosen }, create, opened)
      servers.push(...opened)
      return listening
    } catch (error) {
      for (const server of opened) server.close()
      const { code = 'UNKNOWN' } = error as NodeJS.ErrnoException
      // A port that was free on the first address may be taken on the second.
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === 10) throw new ListenError(code, port)
    }
  }
}

/**
 * Continues with listening sockets that another process has handed over. Both accept from the same queue, so
 * that no connection is lost when the other one stops.
 *
 * @throws ListenError
 */
export async function listenOnHandles<S extends Server>(
  handles: SendHandle[],
  create: () => S,
  servers: S[],
): Promise<{ port: number; addresses: string[] }> {
  const addresses: string[] = []
  let port = 0
  for (const handle of handles) {
    const server = create()
    try {
      await listening(server, () => server.listen(handle, backlog))
    } catch (error) {
      throw new ListenError((error as NodeJS.ErrnoException).code ?? 'UNKNOWN', port)
    }
    servers.push(server)
    const address = server.address() as AddressInfo
    addresses.push(address.address)
    port = address.port
  }
  return { port, addresses }
}

/**
 * Returns the socket handle of a server, to be sent to another process. Sending the server itself would make
 * the receiver accept connections; `node:cluster` hands the handle over in the same way.
 */
export function handleOf(server: Server): SendHandle {
  return (server as unknown as { _handle: SendHandle })._handle
}

/** Checks that the port is free at first: another program of this user could share it too. */
async function claimed(addresses: string[], port: number): Promise<number> {
  const opened: Server[] = []
  try {
    return (await openAll(addresses, { port, exclusive: true }, () => createServer(), opened)).port
  } finally {
    await Promise.all(opened.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

async function openAll<S extends Server>(
  addresses: string[],
  options: ListenOptions & { port: number },
  create: () => S,
  opened: S[],
): Promise<{ port: number; addresses: string[] }> {
  const bound: string[] = []
  let chosen = options.port
  for (const address of addresses) {
    const server = create()
    try {
      await listenOn(server, { ...options, host: address, port: chosen })
    } catch (error) {
      if (isAbsent(error) && addresses.length > 1) continue
      throw error
    }
    opened.push(server)
    bound.push(address)
    chosen = (server.address() as AddressInfo).port
  }
  if (bound.length === 0) throw Object.assign(new Error('no address'), { code: 'EADDRNOTAVAIL' })
  return { port: chosen, addresses: bound }
}

const backlog = 4096

function listenOn(server: Server, options: ListenOptions): Promise<void> {
  return listening(server, () => server.listen({ ...options, backlog }))
}

function listening(server: Server, listen: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.off('error', reject)
      resolve()
    })
    listen()
  })
}

/** Whether this machine lacks the address, such as IPv6 addresses if IPv6 is off. */
function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
