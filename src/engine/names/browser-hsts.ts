import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** HSTS entry of a browser (RFC 6797), for a host or a parent with includeSubDomains. */
export interface BrowserHstsEntry {
  /** Name of the profile; null if the browser has only one. */
  profile: string | null
  /** Name of the entry: the host or its parent. */
  name: string
  until: Date
}

interface Entry {
  until: Date
  includesSubdomains: boolean
}

/** HSTS entries for `host` (lower case) in all profiles of a Chromium in `place`. */
export function chromiumHstsEntries(place: string, host: string): BrowserHstsEntry[] {
  const state = jsonAt(join(place, 'Local State')) as { profile?: { info_cache?: unknown } } | undefined
  const shown = new Map<string, { name?: unknown } | null>(
    Object.entries((state?.profile?.info_cache ?? {}) as object),
  )
  const profiles = readdirSync(place, { withFileTypes: true })
    .filter((each) => each.isDirectory() && existsSync(join(place, each.name, 'TransportSecurity')))
    .map(({ name }) => name)
  return profiles.flatMap((folder) => {
    const state = jsonAt(join(place, folder, 'TransportSecurity')) as { sts?: unknown } | undefined
    const entries = Array.isArray(state?.sts) ? (state.sts as (ChromiumEntry | null)[]) : []
    const title = shown.get(folder)?.name
    const profile = profiles.length < 2 ? null : typeof title === 'string' ? `${title} (${folder})` : folder
    return entriesForHost(host, profile, (name) => {
      const wanted = createHash('sha256').update(wireName(name)).digest('base64')
      const found = entries.find((entry) => entry?.host === wanted)
      if (typeof found?.expiry !== 'number' || found.mode === 'default') return undefined
      return {
        until: new Date(found.expiry * 1000),
        includesSubdomains: found.sts_include_subdomains === true,
      }
    })
  })
}

interface ChromiumEntry {
  /** SHA-256 of the name in wire format (RFC 1035, section 3.1), in base64. */
  host?: unknown
  expiry?: unknown
  mode?: unknown
  sts_include_subdomains?: unknown
}

function wireName(host: string): Buffer {
  const labels = host
    .split('.')
    .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'))
  return Buffer.concat([...labels, Buffer.from([0])])
}

/** HSTS entries for `host` (lower case) in a Firefox profile: slots, or lines until about version 125. */
export function firefoxHstsEntries(folder: string, host: string): BrowserHstsEntry[] {
  const [slots, lines] = ['bin', 'txt'].map((end) => bytesAt(join(folder, `SiteSecurityServiceState.${end}`)))
  const entries = new Map([...entriesInLines(lines?.toString('latin1') ?? ''), ...entriesInSlots(slots)])
  return entriesForHost(host, null, (name) => entries.get(name))
}

/** Slot: checksum, score and day of two bytes each, then key and value, zero-padded. */
const slotBytes = { key: 6, value: 262, whole: 286 }

function entriesInSlots(bytes: Buffer = Buffer.alloc(0)): [string, Entry][] {
  const count = Math.floor(bytes.length / slotBytes.whole)
  return Array.from({ length: count }, (_, at) => {
    const slot = bytes.subarray(at * slotBytes.whole, (at + 1) * slotBytes.whole)
    const text = (from: number, to: number) =>
      slot
        .subarray(from, to)
        .toString('latin1')
        .replace(/\0[^]*$/, '')
    return entryOf(text(slotBytes.key, slotBytes.value), text(slotBytes.value, slotBytes.whole))
  }).flat()
}

/** Lines of `HOST:HSTS`, score, day and value, separated by tabs. */
function entriesInLines(text: string): [string, Entry][] {
  return text.split('\n').flatMap((line) => {
    const [key = '', , , value = ''] = line.split('\t')
    return entryOf(key.replace(/:HSTS$/, ''), value)
  })
}

const isSet = '1'

/** Value: expiry in milliseconds, state, includeSubDomains. */
function entryOf(key: string, value: string): [string, Entry][] {
  const [, milliseconds, state, below] = /^(\d{1,15}),(\d),(\d)/.exec(value) ?? []
  const name = nameIn(key)
  if (state !== isSet || name === null) return []
  return [[name, { until: new Date(Number(milliseconds)), includesSubdomains: below === '1' }]]
}

const keyPattern = /^([a-z0-9._-]+)(?:\^partitionKey=%28https?%2C([a-z0-9.-]+)(?:%2C\d+)?%29)?$/

/**
 * Name of a key, which is partitioned by the site of the page. Entries of other sites do not apply to a visit
 * from the address bar.
 */
function nameIn(key: string): string | null {
  const [, name, site] = keyPattern.exec(key) ?? []
  if (name === undefined) return null
  return site === undefined || name === site || name.endsWith(`.${site}`) ? name : null
}

function entriesForHost(
  host: string,
  profile: string | null,
  find: (name: string) => Entry | undefined,
): BrowserHstsEntry[] {
  const labels = host.split('.')
  return labels.flatMap((_, at): BrowserHstsEntry[] => {
    const name = labels.slice(at).join('.')
    const entry = find(name)
    const counts = entry && (at === 0 || entry.includesSubdomains) && entry.until.getTime() > Date.now()
    return counts ? [{ profile, name, until: entry.until }] : []
  })
}

const longestBytes = 8 * 1024 * 1024

function bytesAt(path: string): Buffer | undefined {
  return existsSync(path) && statSync(path).size <= longestBytes ? readFileSync(path) : undefined
}

/** Undefined for a missing or invalid file: the browser may be writing it. */
export function jsonAt(path: string): unknown {
  try {
    return JSON.parse(bytesAt(path)?.toString('utf8') || 'null')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
