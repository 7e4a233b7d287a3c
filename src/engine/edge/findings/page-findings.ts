import { isInsecure, shownAddress, type Found } from './found.ts'
import { policyFindings, saysUpgrade } from './header-findings.ts'
import { readTags, type Tag } from './html-tags.ts'

/** How a browser on an HTTPS page takes an HTTP address (W3C Mixed Content Level 2, sections 3 and 4). */
type Use = 'blocked' | 'upgraded' | 'form'

interface Insecure {
  use: Use
  address: string
}

/** Of one page at most; the hundredth tells nothing new. */
const mostFound = 50

/** What a page, or its beginning, has in it that breaks under HTTPS. `policies` are those of its head. */
export function pageFindings(html: string, policies: readonly string[]): Found[] {
  const insecure: Insecure[] = []
  const found: Found[] = []
  const all = [...policies]
  for (const tag of readTags(html)) {
    if (insecure.length + found.length >= mostFound) break
    if (tag.name === 'meta') readMeta(tag, all, found)
    else insecure.push(...insecureIn(tag))
    const server = devServerOf(tag)
    if (server) found.push(server)
  }
  const isUpgraded = saysUpgrade(all)
  const mixed = insecure.map(({ use, address }): Found => {
    const kind = isUpgraded ? 'mixed.upgraded' : (`mixed.${use}` as const)
    return { kind, example: shownAddress(address) }
  })
  if (mixed.length > 0 && !isUpgraded) mixed.push({ kind: 'csp.no-upgrade', example: '' })
  return [...found, ...mixed]
}

/** Policies and redirects that the page itself says. */
function readMeta({ attributes }: Tag, policies: string[], found: Found[]): void {
  const what = attributes.get('http-equiv')?.toLowerCase()
  const content = attributes.get('content') ?? ''
  if (what === 'content-security-policy') {
    policies.push(content)
    found.push(...policyFindings([content]))
  }
  const [, target] = /^\s*\d*\s*[;,]\s*url\s*=\s*['"]?(http:[^'"]*)/i.exec(content) ?? []
  if (what === 'refresh' && target !== undefined && isInsecure(target)) {
    found.push({ kind: 'redirect.to-http', example: shownAddress(target) })
  }
}

function insecureIn(tag: Tag): Insecure[] {
  const { name, attributes, text } = tag
  const own: [address: string | undefined, use: Use | null][] = (usesByElement[name] ?? []).map(
    ([attribute, use]) => [attributes.get(attribute), use],
  )
  if (name === 'link') own.push([attributes.get('href'), useOfLink(attributes.get('rel') ?? '')])
  if (name === 'input' && attributes.get('type')?.toLowerCase() === 'image')
    own.push([attributes.get('src'), 'upgraded'])
  own.push([attributes.get('formaction'), 'form'])
  const insecure = own.flatMap(([address, use]): Insecure[] =>
    address !== undefined && use !== null && isInsecure(address) ? [{ use, address }] : [],
  )
  // A candidate of a srcset is not changed to HTTPS, as a src is.
  const candidates = (attributes.get('srcset') ?? '').split(',').map((one) => one.trim().split(/\s/, 1)[0]!)
  const fromSet = candidates.filter(isInsecure).map((address): Insecure => ({ use: 'blocked', address }))
  return [
    ...insecure,
    ...fromSet,
    ...insecureInStyle(text),
    ...insecureInStyle(attributes.get('style') ?? ''),
  ]
}

const usesByElement: Record<string, [attribute: string, use: Use][]> = {
  script: [['src', 'blocked']],
  iframe: [['src', 'blocked']],
  frame: [['src', 'blocked']],
  embed: [['src', 'blocked']],
  object: [['data', 'blocked']],
  track: [['src', 'blocked']],
  // Every relative address of the page hangs on it.
  base: [['href', 'blocked']],
  img: [['src', 'upgraded']],
  audio: [['src', 'upgraded']],
  source: [['src', 'upgraded']],
  video: [
    ['src', 'upgraded'],
    ['poster', 'upgraded'],
  ],
  form: [['action', 'form']],
}

function useOfLink(rel: string): Use | null {
  const kinds = rel.toLowerCase().split(/\s+/)
  if (kinds.some((kind) => ['stylesheet', 'preload', 'modulepreload', 'manifest'].includes(kind)))
    return 'blocked'
  return kinds.includes('icon') ? 'upgraded' : null
}

function insecureInStyle(css: string): Insecure[] {
  if (!css.includes('http:') && !css.includes('HTTP:')) return []
  const imports = [...css.matchAll(/@import\s{0,20}(?:url\()?\s{0,20}["']?(http:[^"')\s;]*)/gi)]
  const urls = [...css.matchAll(/url\(\s{0,20}["']?(http:[^"')\s]*)/gi)]
  const imported = new Set(imports.map(([, address = '']) => address))
  return [
    ...[...imported].map((address): Insecure => ({ use: 'blocked', address })),
    ...urls.flatMap(([, address = '']): Insecure[] =>
      imported.has(address) ? [] : [{ use: 'upgraded', address }],
    ),
  ].filter(({ address }) => isInsecure(address))
}

/** Who made the page, by what it loads. */
function devServerOf({ name, attributes }: Tag): Found | null {
  const src = name === 'script' ? (attributes.get('src') ?? '') : ''
  return src === '' ? null : devServerByPath(src)
}

/** By a path that only a development server has. */
export function devServerByPath(path: string): Found | null {
  const plain = path.split(/[?#]/, 1)[0]!
  if (plain.endsWith('/@vite/client')) return { kind: 'dev-server.vite', example: '' }
  if (nextPath.test(plain)) return { kind: 'dev-server.next', example: '' }
  if (/webpack-dev-server|\.hot-update\.(?:m?js|json)$/.test(plain))
    return { kind: 'dev-server.webpack', example: '' }
  return null
}

/** With webpack, and with Turbopack. */
const nextPath =
  /\/_next\/(?:webpack-hmr|hmr)$|\/_next\/static\/(?:development|webpack)\/|\/react-refresh\.js$|\/_next\/static\/chunks\/(?:%5B|\[)turbopack(?:%5D|\])_browser_dev_/i

/** By what it says to a name that it was not told of. */
export function devServerByRefusal(text: string): Found[] {
  if (/^Blocked request\. This host .{1,300} is not allowed\.[^]{0,300}`server\.allowedHosts`/.test(text))
    return [{ kind: 'dev-server.vite', example: '' }]
  return text.trim() === 'Invalid Host header' ? [{ kind: 'dev-server.webpack', example: '' }] : []
}
