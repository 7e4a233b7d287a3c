import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** How a browser of this person resolves names, as far as it differs from the system. */
export interface BrowserDns {
  name: string
  /** DNS over HTTPS: `off`, with the system's resolver behind it (`falls back`), or nothing else (`only`). */
  overHttps: 'off' | 'falls back' | 'only'
  /** Whether the hosts file counts before it. */
  readsHosts: boolean
  /** Until when it goes to a host by HTTPS alone because the host once said so; null where it does not. */
  heldUntil(host: string): Date | null
}

const chromiumFolders: [folder: string, name: string][] = [
  ['.config/chromium', 'Chromium'],
  ['.config/google-chrome', 'Google Chrome'],
  ['.config/microsoft-edge', 'Microsoft Edge'],
  ['.config/BraveSoftware/Brave-Browser', 'Brave'],
  ['.config/vivaldi', 'Vivaldi'],
  ['snap/chromium/common/chromium', 'Chromium (snap)'],
  ['.var/app/org.chromium.Chromium/config/chromium', 'Chromium (flatpak)'],
  ['.var/app/com.google.Chrome/config/google-chrome', 'Google Chrome (flatpak)'],
]

/** Settings are read as they are on disk: a browser that is open writes them after a moment. */
export function chromiumsDns(home: string): BrowserDns[] {
  return chromiumFolders.flatMap(([folder, name]): BrowserDns[] => {
    const place = join(home, folder)
    if (!existsSync(join(place, 'Local State'))) return []
    const state = jsonAt(join(place, 'Local State')) as { dns_over_https?: { mode?: unknown } } | undefined
    const mode = state?.dns_over_https?.mode
    return [
      {
        name,
        overHttps: mode === 'secure' ? 'only' : mode === 'automatic' ? 'falls back' : 'off',
        // HostResolverManager puts its task HOSTS before every query, also before secure ones.
        readsHosts: true,
        heldUntil: (host) => heldByChromium(place, host),
      },
    ]
  })
}

/** A profile of a Firefox, by its `prefs.js`. */
export function firefoxDns(folder: string, name: string): BrowserDns {
  const prefs = textAt(join(folder, 'prefs.js'))
  const mode = Number(prefOf(prefs, 'network.trr.mode') ?? 0)
  return {
    name,
    overHttps: mode === 3 ? 'only' : mode === 2 ? 'falls back' : 'off',
    // Names in the hosts file are kept out of DNS over HTTPS unless somebody said otherwise.
    readsHosts: mode < 2 || mode > 3 || prefOf(prefs, 'network.trr.exclude-etc-hosts') !== 'false',
    // Where Firefox keeps it has a form of its own that is not read here.
    heldUntil: () => null,
  }
}

function prefOf(prefs: string, name: string): string | undefined {
  const start = `user_pref("${name}", `
  const line = prefs.split('\n').find((each) => each.startsWith(start))
  return line?.slice(start.length).replace(/\);\s*$/, '')
}

/** Chromium keeps the SHA-256 of each name as it goes over the wire (RFC 1035, section 3.1), in base64. */
function heldByChromium(place: string, host: string): Date | null {
  const profiles = readdirSync(place, { withFileTypes: true }).filter((each) => each.isDirectory())
  const untils = profiles.flatMap(({ name }) => {
    const kept = jsonAt(join(place, name, 'TransportSecurity')) as { sts?: unknown } | undefined
    if (!Array.isArray(kept?.sts)) return []
    const entries = kept.sts as { host?: unknown; expiry?: unknown; sts_include_subdomains?: unknown }[]
    return namesAbove(host).flatMap((each, at) => {
      const wanted = createHash('sha256').update(wireName(each)).digest('base64')
      const found = entries.find((entry) => entry.host === wanted)
      const counts = found && (at === 0 || found.sts_include_subdomains === true)
      return counts && typeof found.expiry === 'number' ? [new Date(found.expiry * 1000)] : []
    })
  })
  return latestToCome(untils)
}

function latestToCome(dates: Date[]): Date | null {
  const [latest] = dates.toSorted((a, b) => b.getTime() - a.getTime())
  return latest && latest.getTime() > Date.now() ? latest : null
}

function namesAbove(host: string): string[] {
  const labels = host.split('.')
  return labels.map((_, at) => labels.slice(at).join('.'))
}

function wireName(host: string): Buffer {
  const labels = host
    .split('.')
    .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'))
  return Buffer.concat([...labels, Buffer.from([0])])
}

const longestBytes = 8 * 1024 * 1024

function textAt(path: string): string {
  return existsSync(path) && statSync(path).size <= longestBytes ? readFileSync(path, 'utf8') : ''
}

/** Undefined for what is not there or no JSON: a browser may just be writing it. */
function jsonAt(path: string): unknown {
  try {
    return JSON.parse(textAt(path) || 'null')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
