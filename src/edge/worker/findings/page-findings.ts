import { devServerByPath } from './dev-server.ts'
import { isInsecure, plainHost, shownAddress, type Found } from './found.ts'
import { policyFindings, saysUpgrade } from './header-findings.ts'
import { TagReader, type Tag } from './html-tags.ts'

/** Browser's treatment of an HTTP address on an HTTPS page (W3C Mixed Content Level 2, sections 3 and 4). */
type Use = 'blocked' | 'upgraded' | 'form' | 'websocket'

interface Insecure {
  use: Use
  address: string
}

const mostFound = 50

/** Searches a page, or its beginning, for what breaks under HTTPS. `policies` are those of its head. */
export class PageFindings {
  readonly #policies: string[]
  readonly #tags = new TagReader((tag) => this.#take(tag))
  readonly #insecure: Insecure[] = []
  readonly #found: Found[] = []

  readonly #hostname: string

  constructor(policies: readonly string[], hostname: string) {
    this.#policies = [...policies]
    this.#hostname = hostname
  }

  write(piece: string): void {
    if (this.#left() > 0) this.#tags.write(piece)
  }

  found(): Found[] {
    this.#tags.end()
    const isUpgraded = saysUpgrade(this.#policies)
    const mixed = this.#insecure.map(({ use, address }): Found => {
      const kind = isUpgraded ? 'mixed.upgraded' : (`mixed.${use}` as const)
      return { kind, example: shownAddress(address) }
    })
    if (mixed.length > 0 && !isUpgraded) mixed.push({ kind: 'csp.no-upgrade', example: '' })
    return [...this.#found, ...mixed]
  }

  #left(): number {
    return mostFound - this.#insecure.length - this.#found.length
  }

  #take(tag: Tag): void {
    if (this.#left() <= 0) return
    if (tag.name === 'meta') this.#takeMeta(tag)
    else this.#insecure.push(...insecureIn(tag, this.#hostname).slice(0, this.#left()))
    const local = localAddressIn(tag)
    if (local) this.#found.push(local)
    const server = devServerOf(tag)
    if (server) this.#found.push(server)
  }

  #takeMeta({ attributes }: Tag): void {
    const what = attributes.get('http-equiv')?.toLowerCase()
    const content = attributes.get('content') ?? ''
    if (what === 'content-security-policy') {
      this.#policies.push(content)
      this.#found.push(...policyFindings([content]).slice(0, this.#left()))
    }
    const target = what === 'refresh' ? refreshTarget(content) : null
    if (target !== null && isInsecure(target))
      this.#found.push({ kind: 'redirect.to-http', example: shownAddress(target) })
  }
}

/** HTML Living Standard, section 4.2.5.3, "refresh": number, separator, `url=`, optionally quoted address. */
function refreshTarget(content: string): string | null {
  const separator = content.search(/[;,]/)
  if (separator < 0 || !/^[\d.]*$/.test(content.slice(0, separator).trim())) return null
  const rest = content.slice(separator + 1).trimStart()
  if (rest.slice(0, 3).toLowerCase() !== 'url') return null
  const afterName = rest.slice(3).trimStart()
  if (!afterName.startsWith('=')) return null
  const address = afterName.slice(1).trim()
  const quote = address.charAt(0)
  return quote === '"' || quote === "'" ? (address.split(quote, 2)[1] ?? '') : address
}

function insecureIn(tag: Tag, hostname: string): Insecure[] {
  const { name, attributes, text } = tag
  const own: [address: string | undefined, use: Use | null][] = (usesByElement.get(name) ?? []).map(
    ([attribute, use]) => [attributes.get(attribute), use],
  )
  if (name === 'link') own.push([attributes.get('href'), useOfLink(attributes.get('rel') ?? '')])
  if (name === 'input' && attributes.get('type')?.toLowerCase() === 'image')
    own.push([attributes.get('src'), 'upgraded'])
  own.push([attributes.get('formaction'), 'form'])
  const insecure = own.flatMap(([address, use]): Insecure[] =>
    address !== undefined && use !== null && isInsecureFor(use, address, hostname) ? [{ use, address }] : [],
  )
  // Browsers upgrade a `src` to HTTPS, but no candidate of a `srcset`.
  const candidates = (attributes.get('srcset') ?? '').split(',').map((one) => one.trim().split(/\s/, 1)[0]!)
  const fromSet = candidates.filter(isInsecure).map((address): Insecure => ({ use: 'blocked', address }))
  return [
    ...insecure,
    ...fromSet,
    ...(name === 'script' ? socketsIn(text, hostname) : insecureInStyle(text)),
    ...insecureInStyle(attributes.get('style') ?? ''),
  ]
}

/** A form to the page's own host over HTTP is one on a loopback name too: its Secure cookies are not sent. */
function isInsecureFor(use: Use, address: string, hostname: string): boolean {
  return isInsecure(address) || (use === 'form' && plainHost(address) === hostname)
}

/** Addresses in string literals of a script, of the page's own host or made with `location.host`. */
function socketsIn(script: string, hostname: string): Insecure[] {
  if (!script.includes('ws://')) return []
  const own = /["'`]ws:\/\/(?:["'`]\s*\+|\$\{)\s*(?:window\.)?location\.host/.test(script)
  const literals = [...script.matchAll(/["'`](ws:\/\/[^"'`\s$]{1,200})/g)].map(([, address = '']) => address)
  const addresses = literals.filter((address) => plainHost(address) === hostname)
  return [...(own ? [`ws://${hostname}`] : []), ...addresses].map((address) => ({
    use: 'websocket',
    address,
  }))
}

const usesByElement = new Map<string, [attribute: string, use: Use][]>([
  ['script', [['src', 'blocked']]],
  ['iframe', [['src', 'blocked']]],
  ['frame', [['src', 'blocked']]],
  ['embed', [['src', 'blocked']]],
  ['object', [['data', 'blocked']]],
  ['track', [['src', 'blocked']]],
  // Base of every relative address on the page.
  ['base', [['href', 'blocked']]],
  ['img', [['src', 'upgraded']]],
  ['audio', [['src', 'upgraded']]],
  ['source', [['src', 'upgraded']]],
  [
    'video',
    [
      ['src', 'upgraded'],
      ['poster', 'upgraded'],
    ],
  ],
  ['form', [['action', 'form']]],
])

function useOfLink(rel: string): Use | null {
  const kinds = rel.toLowerCase().split(/\s+/)
  if (kinds.some((kind) => ['stylesheet', 'preload', 'modulepreload', 'manifest'].includes(kind)))
    return 'blocked'
  return kinds.includes('icon') ? 'upgraded' : null
}

function insecureInStyle(css: string): Insecure[] {
  if (!/http:/i.test(css)) return []
  const imports = [...css.matchAll(/@import\s*(?:url\(\s*)?["']?(http:[^"')\s;]*)/gi)]
  const urls = [...css.matchAll(/url\(\s*["']?(http:[^"')\s]*)/gi)]
  const imported = new Set(imports.map(([, address = '']) => address))
  return [
    ...[...imported].map((address): Insecure => ({ use: 'blocked', address })),
    ...urls.flatMap(([, address = '']): Insecure[] =>
      imported.has(address) ? [] : [{ use: 'upgraded', address }],
    ),
  ].filter(({ address }) => isInsecure(address))
}

/** An address of the loopback or of a private network (Chrome's Local Network Access). */
function localAddressIn({ name, attributes }: Tag): Found | null {
  const own = (usesByElement.get(name) ?? []).map(([attribute]) => attributes.get(attribute))
  const addresses = name === 'link' ? [attributes.get('href')] : own
  const local = addresses.find((address) => localHost.test(URL.parse(address ?? '')?.hostname ?? ''))
  return local === undefined ? null : { kind: 'page.local-address', example: shownAddress(local) }
}

const localHost = /^(?:localhost|\[::1\]|(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+)$/

function devServerOf({ name, attributes }: Tag): Found | null {
  const src = name === 'script' ? (attributes.get('src') ?? '') : ''
  return src === '' ? null : devServerByPath(src)
}
