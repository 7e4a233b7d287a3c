import type { Fields } from './fields.ts'

/**
 * Whether an Authorization field authenticates the connection instead of the request, against RFC 9110,
 * section 11: NTLM, or Negotiate (RFC 4559, section 6). The sender of the next request on such a connection
 * would inherit the login.
 */
export function bindsConnection(credentials: string): boolean {
  return credentialsPattern.test(credentials)
}

/** Whether an origin offers such a scheme; one field may name several. */
export function asksToBindConnection(status: number, headers: Fields): boolean {
  if (status !== 401) return false
  for (let at = 0; at < headers.count; at += 1) {
    if (headers.isNamed(at, 'www-authenticate') && challengePattern.test(headers.value(at))) return true
  }
  return false
}

const credentialsPattern = /^[\t ]{0,8}(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
const challengePattern = /(?:^|[\t ,])(?:ntlm|negotiate|kerberos)(?:[\t ,]|$)/i
