/** Tags that end a line of text. */
const lineEnds = new Set(['br', '/p', '/div', '/tr', '/li', '/pre', '/h1', '/h2', '/h3', '/h4', '/h5', '/h6'])
const tagName = /^\/?[a-z]{1,9}[1-6]?/i
const starts = ['<!doctype html', '<html', '<head', '<body']
const startBytes = 512
const numeric = /&#(x?)([0-9a-f]{1,6});/gi
const named = new Map(
  Object.entries({ nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', plus: '+', equals: '=', sol: '/' }),
)

/** True for the octets of an HTML document, or of XHTML. */
export function isPage(bytes: Buffer): boolean {
  const octets = bytes.subarray(0, startBytes)
  // Other text may be a key, which must not become a string.
  if (octets.find((octet) => octet > 0x20) !== '<'.charCodeAt(0)) return false
  const start = octets.toString('latin1').toLowerCase().trimStart()
  const html = start.startsWith('<?xml') ? start.slice(start.indexOf('>') + 1).trimStart() : start
  return starts.some((tag) => html.startsWith(tag))
}

/** Text of an HTML page, with the lines of PEM blocks in place. Never shown as HTML. */
export function pageText(html: string): string {
  const text: string[] = []
  let at = 0
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', at)) {
    text.push(html.slice(at, open))
    const name = tagName.exec(html.slice(open + 1, open + 12))?.[0].toLowerCase()
    if (name !== undefined && lineEnds.has(name)) text.push('\n')
    const close = html.indexOf('>', open)
    at = close < 0 ? html.length : close + 1
  }
  return entitiesDecoded(text.join('') + html.slice(at))
}

/** Title of an HTML page, undefined without one. */
export function pageTitle(html: string): string | undefined {
  const tag = html.toLowerCase().indexOf('<title')
  const start = tag < 0 ? -1 : html.indexOf('>', tag)
  const end = start < 0 ? -1 : html.indexOf('<', start)
  if (end < 0) return undefined
  const parts = entitiesDecoded(html.slice(start + 1, end))
    .split(/\s+/)
    .filter(Boolean)
  return parts.join(' ').slice(0, 200) || undefined
}

function entitiesDecoded(text: string): string {
  return text
    .replace(numeric, (whole, hex: string, digits: string) => {
      const code = Number.parseInt(digits, hex ? 16 : 10)
      return code > 0 && code < 0x11_0000 ? String.fromCodePoint(code) : whole
    })
    .replace(/&([a-z]{2,8});/g, (whole, name: string) => named.get(name) ?? whole)
}
