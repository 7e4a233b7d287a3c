import type { IncomingMessage } from 'node:http'
import type { Sessions } from './sessions.ts'

/** Names a browser on this computer calls the host by. Others are a rebound DNS name, or a proxy we do not know. */
const names = ['127.0.0.1', 'localhost']

/** Whether the request was made to this host by name and port (against DNS rebinding). */
export function isForUs(request: IncomingMessage, port: number): boolean {
  const hosts = valuesOf(request, 'host')
  return hosts.length === 1 && names.some((name) => hosts[0] === `${name}:${port}`)
}

/** Whether a page of ours asks: the origin is the very host the request names. Call after `isForUs`. */
export function isFromUs(request: IncomingMessage): boolean {
  const origins = valuesOf(request, 'origin')
  return origins.length === 1 && origins[0] === `http://${request.headers.host}`
}

/** Windows of several hosts may be open in one browser, so the port is in the name. */
export function cookieName(port: number): string {
  return `edgekeep-${port}`
}

/** The session's place and the path below it, of `/<place>/assets/main.js`. */
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

/** All values of a header as they were sent; Node itself would keep the first of several and drop the rest. */
function valuesOf(request: IncomingMessage, name: string): string[] {
  return request.headersDistinct[name] ?? []
}
