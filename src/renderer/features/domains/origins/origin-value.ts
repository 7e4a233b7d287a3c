import { originDefaults, type Origin, type ServerOrigin } from '../../../../contract/domains/origins.ts'
import { hostInUrl } from '../../../../domain/ip-address.ts'

/** `http://127.0.0.1:3000`; for `follow`, `127.0.0.1, ports 8000 and 8443`; a folder's path. */
export function formatOrigin(origin: Origin): string {
  if (origin.protocol === 'folder') return origin.folder
  const host = hostInUrl(origin.host)
  if (origin.protocol === 'http' || origin.protocol === 'h2c')
    return `${origin.protocol}://${host}${origin.httpPort === 80 ? '' : `:${origin.httpPort}`}`
  if (origin.protocol === 'https')
    return `https://${host}${origin.httpsPort === 443 ? '' : `:${origin.httpsPort}`}`
  return `${host}:${origin.httpPort} / ${origin.httpsPort}`
}

export function sameOrigin(one: Origin, other: Origin): boolean {
  const fields = new Map<string, unknown>(Object.entries(other))
  return Object.entries(one).every(([key, value]) => fields.get(key) === value)
}

/** Default when the user switches from a folder to a server. */
export const firstServer: ServerOrigin = {
  protocol: 'http',
  host: '127.0.0.1',
  httpPort: 3000,
  httpsPort: 443,
  ...originDefaults,
}

/** Quick plausibility check of a host; the engine validates it. */
export function looksLikeHost(host: string): boolean {
  return host.length > 0 && host.length <= 255 && !/[\s/@?#\\%]/.test(host)
}

export function looksLikePort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535
}
