import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { heldByChromium, heldByFirefox, jsonAt, type HeldHsts } from './browser-hsts.ts'

/** How a browser of this person resolves names, as far as it differs from the system. */
export interface BrowserDns {
  name: string
  /** DNS over HTTPS: `off`, with the system's resolver behind it (`falls back`), or nothing else (`only`). */
  overHttps: 'off' | 'falls back' | 'only'
  /** Whether the hosts file counts before it. */
  readsHosts: boolean
  kind: 'chromium' | 'firefox'
  /** Why it goes to a host by HTTPS alone: what it holds of an earlier visit. */
  held(host: string): HeldHsts[]
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
        kind: 'chromium',
        held: (host) => heldByChromium(place, host),
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
    kind: 'firefox',
    held: (host) => heldByFirefox(folder, host),
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
