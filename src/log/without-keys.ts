/**
 * The last line of defence: no code hands a key to the log, and if one ever did, a PEM private
 * key (whole, or cut off before its end) would still not reach the file.
 */
export function withoutKeys(line: string): string {
  const [before = '', ...keys] = line.split(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/)
  return [before, ...keys.map(afterKey)].join('[private key removed]')
}

/** What follows a key in the text after its first line: its last line, or the end of the JSON string, ends it. */
function afterKey(text: string): string {
  const end = text.search(/-----END|"/)
  return end < 0 ? '' : text.slice(end).replace(/^-----END [A-Z0-9 ]*PRIVATE KEY-----/, '')
}
