import type { FoundAt } from '../../protocol/worker-protocol.ts'

export type Found = Pick<FoundAt, 'kind' | 'example'>

export interface Looked {
  secure: boolean
  /** Host as the client wrote it, with its port. */
  host: string
  hostname: string
  target: string
  status: number
  /** Alternating names and values. */
  headers: readonly string[]
  redirectMode: 'none' | 'https' | 'http'
  isHsts: boolean
}

export function fieldValues(headers: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]!.length === name.length && headers[at]!.toLowerCase() === name)
      values.push(headers[at + 1]!)
  }
  return values
}

export function shownAddress(address: string): string {
  const bare = address
    .trim()
    .split(/[?#]/, 1)[0]!
    .replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
  return bare.length > 200 ? `${bare.slice(0, 199)}…` : bare
}

/** Whether an address is mixed content on an HTTPS page: plain HTTP to another computer. */
export function isInsecure(address: string): boolean {
  const host = plainHost(address)
  // Loopback addresses are trustworthy (W3C Secure Contexts, section 3.1).
  return host !== undefined && /^\s*http:/i.test(address) && !isLoopback(host)
}

/** Host of an `http:` or `ws:` address; undefined for any other. */
export function plainHost(address: string): string | undefined {
  const [, authority] = /^\s*(?:http|ws):\/\/([^/?#]*)/i.exec(address) ?? []
  return authority?.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]'
}
