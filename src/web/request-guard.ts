import type { IncomingMessage } from 'node:http'
import type { Sessions } from './sessions.ts'

/** Host names that a browser on this computer uses. Others are a rebound DNS name, or an unknown proxy. */
const names = ['127.0.0.1', 'localhost']

/** Whether the request names this host and port (against DNS rebinding). */
export function isForUs(request: IncomingMessage, port: number): boolean {
  const hosts = valuesOf(request, 'host')
  return hosts.length === 1 && names.some((name) => hosts[0] === `${name}:${port}`)
}

/** Whether a page of this host sends it: the origin equals the requested host. Call after `isForUs`. */
export function isFromUs(request: IncomingMessage): boolean {
  const origins = valuesOf(request, 'origin')
  return origins.length === 1 && origins[0] === `http://${request.headers.host}`
}

/** Cookie with the port in its name, because windows of several hosts may be open in one browser. */
export function cookieName(port: number): string {
  return `edgekeep-${port}`
}

/** Splits `/<place>/assets/main.js` into the session's place and the path below it. */
export function splitPlace(pathname: string): { place: string; path: string } | null {
  const match = /^\/([\w-]{22})(\/.*)$/.exec(pathname)
  return match?.[1] && match[2] ? { place: match[1], path: match[2] } : null
}

export function hasSession(
  request: IncomingMessage,
  place: string,
  { port, sessions }: { port: number; sessions: Sessions },
): boolean {
  return cookiesOf(request, cookieName(port)).some((secret) => sessions.has({ place, secret }))
}

function cookiesOf(request: IncomingMessage, name: string): string[] {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  return pairs.filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1))
}

/** All values of a header, unmodified; Node itself would keep the first of several and drop the rest. */
function valuesOf(request: IncomingMessage, name: string): string[] {
  return request.headersDistinct[name] ?? []
}
