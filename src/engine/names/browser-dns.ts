import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumHstsEntries, firefoxHstsEntries, jsonAt, type BrowserHstsEntry } from './browser-hsts.ts'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Name resolution of a browser of this user, where it differs from the system's. */
export interface BrowserDns {
  name: string
  /** DNS over HTTPS: `off`, with the system's resolver as fallback (`falls back`), or exclusive (`only`). */
  overHttps: 'off' | 'falls back' | 'only'
  /** Whether the hosts file takes precedence. */
  readsHosts: boolean
  kind: 'chromium' | 'firefox'
  /** Stored HSTS entries that force HTTPS for a host. */
  hstsEntries(host: string): BrowserHstsEntry[]
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

/** Reads settings from disk, which an open browser writes with a delay. */
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
        // Chromium's HostResolverManager puts its task HOSTS before every query, also before secure ones.
        readsHosts: true,
        kind: 'chromium',
        hstsEntries: (host) => chromiumHstsEntries(place, host),
      },
    ]
  })
}

export function firefoxDns(folder: string, name: string): BrowserDns {
  const prefs = textAt(join(folder, 'prefs.js'))
  const mode = Number(prefOf(prefs, 'network.trr.mode') ?? 0)
  return {
    name,
    overHttps: mode === 3 ? 'only' : mode === 2 ? 'falls back' : 'off',
    // Names in the hosts file bypass DNS over HTTPS by default.
    readsHosts: mode < 2 || mode > 3 || prefOf(prefs, 'network.trr.exclude-etc-hosts') !== 'false',
    kind: 'firefox',
    hstsEntries: (host) => firefoxHstsEntries(folder, host),
  }
}

function prefOf(prefs: string, name: string): string | undefined {
  const start = `user_pref("${name}", `
  const line = prefs.split('\n').find((each) => each.startsWith(start))
  return line?.slice(start.length).replace(/\);\s*$/, '')
}

const longestBytes = 8 * 1024 * 1024

function textAt(path: string): string {
  return existsSync(path) && statSync(path).size <= longestBytes ? readFileSync(path, 'utf8') : ''
}

export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}

/** VPN interfaces, by the names that systems and VPN programs use. */
export function vpnInterfaces(interfaces = networkInterfaces()): string[] {
  return Object.keys(interfaces).filter((name) =>
    /^(tun|tap|wg|ppp|ipsec|tailscale|nordlynx|proton)\d*/.test(name),
  )
}
