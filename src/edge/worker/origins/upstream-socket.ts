import { connect, type OnReadOpts, type Socket } from 'node:net'
import {
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
} from 'node:tls'
import type { UpstreamTarget, UpstreamTls } from './upstream-target.ts'

/** Opens sockets to origins, and holds what their certificates are judged by. */
export class UpstreamSockets {
  #extraAnchors: string[] = []
  readonly #contexts = new Map<string, SecureContext>()

  /** PEM anchors that count besides the public and system roots. False: they are what they were. */
  trust(extraAnchors: string[]): boolean {
    if (extraAnchors.join() === this.#extraAnchors.join()) return false
    this.#extraAnchors = extraAnchors
    this.#contexts.clear()
    return true
  }

  /** Without `onread` the socket is read as usual. */
  open(target: UpstreamTarget, protocols: string[], onread?: OnReadOpts): Socket {
    // RFC 6761, section 6.3: ".localhost" is this machine, whatever a resolver says.
    const host = target.host.toLowerCase().endsWith('.localhost') ? 'localhost' : target.host
    const where = { host, port: target.port, noDelay: true, ...(onread ? { onread } : {}) }
    if (!target.tls) return connect(where)
    const { serverName, verify } = target.tls
    return connectTls({
      ...where,
      ALPNProtocols: protocols,
      rejectUnauthorized: verify,
      secureContext: this.#context(target.tls),
      ...(serverName === null ? {} : { servername: serverName }),
    })
  }

  #context({ verify, anchorsPem }: UpstreamTls): SecureContext {
    const key = verify ? (anchorsPem ?? 'usual') : 'any'
    let context = this.#contexts.get(key)
    if (!context) {
      context = createSecureContext(verify ? { ca: anchorsPem ?? usualAnchors(this.#extraAnchors) } : {})
      this.#contexts.set(key, context)
    }
    return context
  }
}

/** The stores overlap, and each certificate costs time to read. */
function usualAnchors(extra: string[]): string[] {
  return [...new Set([...rootCertificates, ...getCACertificates('system'), ...extra])]
}
