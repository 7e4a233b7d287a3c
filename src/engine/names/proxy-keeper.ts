import { rmSync } from 'node:fs'
import { EdgekeepError } from '../../contract/errors/registry.ts'
import { openConnectEndpoint, type ConnectEndpoint, type ConnectTargets } from './connect-endpoint.ts'
import type { Log } from '../core/log.ts'

export interface ProxyKeeper {
  port(): number | null
  /** True if a relay has the port, and the endpoint a socket. */
  isRelayed(): boolean
  /**
   * Opens the endpoint, unless it is open, on `port`, or for 0 on one of the system's choice.
   * @throws `edge.port_taken`, `edge.port_forbidden`
   */
  open(where: { port: number; socketPath?: string | undefined }, targets: ConnectTargets): Promise<number>
  close(): void
}

export function createProxyKeeper(log: Log): ProxyKeeper {
  let endpoint: ConnectEndpoint | null = null
  let isRelayed = false
  const close = () => {
    endpoint?.close()
    endpoint = null
  }
  return {
    port: () => endpoint?.port ?? null,
    isRelayed: () => endpoint !== null && isRelayed,
    async open({ port, socketPath }, targets) {
      if (endpoint && (port === 0 || endpoint.port === port)) return endpoint.port
      // Stale socket of a killed engine; a home has one engine only.
      if (socketPath !== undefined) rmSync(socketPath, { force: true })
      const next = await openConnectEndpoint({ port, socketPath }, targets, (error) =>
        log.error({ err: error }, 'A request to the proxy failed'),
      ).catch((error: NodeJS.ErrnoException) => {
        const code = error.code === 'EACCES' ? 'edge.port_forbidden' : 'edge.port_taken'
        throw new EdgekeepError(code, { port }, { cause: error })
      })
      close()
      endpoint = next
      isRelayed = socketPath !== undefined
      return next.port
    },
    close,
  }
}
