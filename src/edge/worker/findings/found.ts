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
  const [, authority] = /^\s*http:\/\/([^/?#]*)/i.exec(address) ?? []
  if (authority === undefined) return false
  const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
  // Loopback addresses are trustworthy (W3C Secure Contexts, section 3.1).
  return !(host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]')
}
