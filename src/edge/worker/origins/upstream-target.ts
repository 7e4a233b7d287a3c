import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import type { FolderOrigin, Origin, ServerOrigin } from '../../../contract/domains/origins.ts'
import type { Limits } from '../limits/limits.ts'
import type { EdgeRequest } from '../http/request.ts'
import type { LastAnswer } from './last-answer.ts'
import type { OriginHealth } from './origin-health.ts'

/** Timeouts for connecting, for the response's head, for silence in the body and for silence in a tunnel. */
export type UpstreamTimeouts = Pick<Limits, 'connectMs' | 'responseMs' | 'responsePauseMs' | 'tunnelIdleMs'>

export interface DomainOrigin {
  origin: Origin
  timeouts: UpstreamTimeouts
  /** Domain that shares its connections with no other; null if they are shared. */
  owner: string | null
}

/** Destination of one request. Requests with the same `key` share connections. */
export interface UpstreamTarget {
  key: string
  host: string
  port: number
  tls: UpstreamTls | null
  /** HTTP/2: over TLS if the origin offers it, without TLS in any case. */
  http2: boolean
  hostHeader: string
  folder: FolderOrigin | null
  timeouts: UpstreamTimeouts
}

export interface UpstreamTls {
  serverName: string | null
  verify: boolean
  /** Trusted instead of the usual roots. */
  anchorsPem: string | null
}

export function upstreamTarget(
  { origin, timeouts, owner }: DomainOrigin,
  request: EdgeRequest,
): UpstreamTarget {
  if (origin.protocol === 'folder') return { ...folderTarget, folder: origin, timeouts }
  const { protocol, host, httpPort, httpsPort } = origin
  const hostHeader = origin.hostHeader ?? request.host
  if (protocol !== 'https' && (protocol !== 'follow' || !request.secure)) {
    const http2 = protocol === 'h2c'
    const key = `${http2 ? 'h2c ' : ''}${host} ${httpPort}${forOwner(owner)}`
    return { key, host, port: httpPort, tls: null, http2, hostHeader, folder: null, timeouts }
  }
  // A websocket opens over HTTP/1.1, which every origin with websockets speaks. A client that authenticates
  // its connection needs one of its own, which an HTTP/2 session is not.
  const http2 = origin.http2 && request.upgrade === null && !request.bindsConnection
  const name = origin.sni ?? hostHeader.replace(portPattern, '')
  const serverName = isIP(name.replace(/^\[|\]$/g, '')) ? null : name.toLowerCase()
  const { verify, anchorsPem } = origin
  const key = `${http2 ? 'h2 ' : ''}${host} ${httpsPort} ${serverName ?? ''} ${trustKey(origin)}${forOwner(owner)}`
  const tls = { serverName, verify, anchorsPem }
  return { key, host, port: httpsPort, tls, http2, hostHeader, folder: null, timeouts }
}

/** No address, because a folder has no connection. */
const folderTarget = { key: 'folder', host: 'folder', port: 0, tls: null, http2: false, hostHeader: '' }

function forOwner(owner: string | null): string {
  return owner === null ? '' : ` for ${owner}`
}

/** Connections are shared only under the same verification. */
function trustKey(origin: ServerOrigin): string {
  if (!origin.verify) return 'any'
  if (origin.anchorsPem === null) return 'usual'
  let key = trustKeys.get(origin)
  if (key === undefined) {
    key = createHash('sha256').update(origin.anchorsPem).digest('base64url')
    trustKeys.set(origin, key)
  }
  return key
}

const trustKeys = new WeakMap<ServerOrigin, string>()
const portPattern = /:\d+$/

export interface OriginSlot extends DomainOrigin {
  /** Null below a path with an origin of its own. */
  health: OriginHealth | LastAnswer | null
  /** Cache of the last target with its inputs: the next request nearly always has the same ones. */
  last: (Pick<EdgeRequest, TargetFacts> & { target: UpstreamTarget }) | null
}

type TargetFacts = 'host' | 'secure' | 'upgrade' | 'bindsConnection'

export function originSlot(origin: Origin, timeouts: UpstreamTimeouts, owner: string | null): OriginSlot {
  return { origin, timeouts, owner, health: null, last: null }
}

export function slotTarget(slot: OriginSlot, request: EdgeRequest): UpstreamTarget {
  const { last } = slot
  const { host, secure, upgrade, bindsConnection } = request
  const isAlike =
    last?.host === host &&
    last.secure === secure &&
    last.upgrade === upgrade &&
    last.bindsConnection === bindsConnection
  if (isAlike) return last.target
  const target = upstreamTarget(slot, request)
  slot.last = { host, secure, upgrade, bindsConnection, target }
  return target
}

export interface Destination {
  /** Order of attempts; at least one. */
  slots: OriginSlot[]
  /** Prefix to remove from the path; empty for none. */
  strip: string
}
