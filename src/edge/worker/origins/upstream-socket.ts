import { connect, type OnReadOpts, type Socket } from 'node:net'
import {
  connect as connectTls,
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
} from 'node:tls'
import { resolvableHost } from '../../../domain/localhost.ts'
import type { UpstreamTarget, UpstreamTls } from './upstream-target.ts'

export class UpstreamSockets {
  #extraAnchors: string[] = []
  readonly #contexts = new Map<string, SecureContext>()

  /** Sets PEM anchors besides the public and system roots. False: they are unchanged. */
  trust(extraAnchors: string[]): boolean {
    if (extraAnchors.join() === this.#extraAnchors.join()) return false
    this.#extraAnchors = extraAnchors
    this.#contexts.clear()
    return true
  }

  /** Opens a socket; without `onread` it emits `data` as usual. */
  open(target: UpstreamTarget, onread?: OnReadOpts): Socket {
    const where = {
      host: resolvableHost(target.host),
      port: target.port,
      noDelay: true,
      ...(onread ? { onread } : {}),
    }
    if (!target.tls) return connect(where)
    const { serverName, verify } = target.tls
    return connectTls({
      ...where,
      ALPNProtocols: target.http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
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

/** Removes duplicates, because the stores overlap and parsing each certificate takes time. */
function usualAnchors(extra: string[]): string[] {
  return [...new Set([...rootCertificates, ...getCACertificates('system'), ...extra])]
}
