/**
 * Field name as an application sees it, in lower case: every character but a letter or a digit is "-". CGI
 * names variables after fields (RFC 3875, section 4.1.18), and there "-" and "_" are one; PHP adds ".", and
 * lighttpd every other character: `X.Real_IP` becomes HTTP_X_REAL_IP, as X-Real-IP does.
 */
export function applicationFieldName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-')
}
