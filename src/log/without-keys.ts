/**
 * The last line of defence: no code hands a key to the log, and if one ever did, a PEM private
 * key (whole, or cut off before its end) would still not reach the file.
 */
export function withoutKeys(line: string): string {
  return line.replaceAll(
    /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:(?!-----END)[^"])*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/g,
    '[private key removed]',
  )
}
