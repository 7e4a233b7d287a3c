import { EdgekeepError } from '../../contract/errors/registry.ts'
import { openDnsResponder, type DnsResponder } from './dns-responder.ts'
import type { Log } from '../core/log.ts'

export interface DnsKeeper {
  port(): number | null
  /**
   * Opens the responder on a port, unless it is open.
   * @throws `edge.port_taken`, `edge.port_forbidden`
   */
  open(port: number, serves: (name: string) => boolean): Promise<void>
  close(): void
}

export function createDnsKeeper(log: Log): DnsKeeper {
  let responder: DnsResponder | null = null
  const close = () => {
    responder?.close()
    responder = null
  }
  return {
    port: () => responder?.port ?? null,
    async open(port, serves) {
      if (responder?.port === port) return
      const next = await openDnsResponder(port, serves, (error) =>
        log.error({ err: error }, 'A question to the DNS responder failed'),
      ).catch((error: NodeJS.ErrnoException) => {
        const code = error.code === 'EACCES' ? 'edge.port_forbidden' : 'edge.port_taken'
        throw new EdgekeepError(code, { port }, { cause: error })
      })
      close()
      responder = next
    },
    close,
  }
}
