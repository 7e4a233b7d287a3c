import type { FindingKind } from '../../../contract/findings.ts'

/** What one look at an answer has found. */
export interface Found {
  kind: FindingKind
  example: string
}

/** As it is told to the engine. */
export interface FoundAt extends Found {
  domain: string
  path: string
  count: number
}

/** The part of an exchange that is looked at. */
export interface Looked {
  secure: boolean
  /** As the client wrote it, with its port. */
  host: string
  hostname: string
  target: string
  status: number
  /** Names and values by turns. */
  headers: readonly string[]
  redirectMode: 'none' | 'https' | 'http'
  /** Browsers have been told to speak HTTPS alone. */
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

/** An address as it may be shown: without user, query and fragment, and not without end. */
export function shownAddress(address: string): string {
  const bare = address
    .trim()
    .split(/[?#]/, 1)[0]!
    .replace(/^([a-z]+:\/\/)[^/]*@/i, '$1')
  return bare.length > 200 ? `${bare.slice(0, 199)}…` : bare
}

/** Whether a browser on an HTTPS page takes this address for insecure: plain HTTP to another computer. */
export function isInsecure(address: string): boolean {
  const [, authority] = /^\s*http:\/\/([^/?#]*)/i.exec(address) ?? []
  if (authority === undefined) return false
  const host = authority.replace(/^.*@/, '').replace(/:\d*$/, '').toLowerCase()
  // W3C Secure Contexts, section 3.1: what never leaves this computer is trustworthy.
  return !(host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]')
}
