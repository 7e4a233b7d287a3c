/**
 * OpenSSL writes a name as one attribute a line, most general first, with RFC 4514 escapes and
 * ` + ` between the attributes of one RDN. RFC 4514, section 2.1, wants the reverse order and
 * commas.
 */
export function rfc4514(openSslName: string | undefined): string {
  if (!openSslName) return ''
  return openSslName
    .split('\n')
    .reverse()
    .map((rdn) => rdn.replace(/(?<!\\) \+ /g, '+'))
    .join(',')
}

/** The most specific common name, without its escapes. */
export function commonName(openSslName: string | undefined): string | undefined {
  const lines = (openSslName ?? '').split('\n').reverse()
  for (const line of lines) {
    const found = /(?:^|(?<!\\) \+ )CN=((?:\\.|(?! \+ ).)*)/.exec(line)?.[1]
    if (found) return unescape(found)
  }
  return undefined
}

/** Undoes RFC 4514 escapes: `\,` and hexadecimal pairs of UTF-8. */
function unescape(value: string): string {
  return value
    .replace(/(?:\\[0-9A-Fa-f]{2})+/g, (pairs) =>
      Buffer.from(pairs.replaceAll('\\', ''), 'hex').toString('utf8'),
    )
    .replace(/\\(.)/g, '$1')
}
