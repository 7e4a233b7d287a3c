import type { Fields } from './fields.ts'

/**
 * Whether the value of an Authorization field logs in to the connection instead of the request, against
 * RFC 9110, section 11: by NTLM, or by Negotiate (RFC 4559, section 6). Whoever sends the next request on
 * such a connection is taken for the one who has logged in.
 */
export function bindsConnection(credentials: string): boolean {
  return credentialsPattern.test(credentials)
}

/** Whether an origin asks for that; it may name several schemes in one field. */
export function asksToBindConnection(status: number, headers: Fields): boolean {
  if (status !== 401) return false
  for (let at = 0; at < headers.count; at += 1) {
    if (headers.isNamed(at, 'www-authenticate') && challengePattern.test(headers.value(at))) return true
  }
  return false
}

const credentialsPattern = /^[\t ]{0,8}(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
const challengePattern = /(?:^|[\t ,])(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
