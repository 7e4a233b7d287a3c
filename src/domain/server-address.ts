import { parseUrl } from '../contract/text/parse-url.ts'

export interface ServerAddress {
  host: string
  port: number
}

/** Parses `shop.test`, `shop.test:8443`, `[::1]:443` or `https://shop.test/`; null if invalid. */
export function parseServer(text: string): ServerAddress | null {
  const typed = text.trim()
  const url = parseUrl(/^[a-z]+:\/\//i.test(typed) ? typed : `https://${typed}`)
  if (!url || url.protocol !== 'https:' || url.hostname === '' || url.username || url.password) return null
  const port = url.port === '' ? 443 : Number(url.port)
  if (port === 0) return null
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port }
}
