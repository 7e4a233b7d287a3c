import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustStore } from './store.ts'

/*
 * On macOS and Windows Firefox imports the roots added to the system's store (by default since version 120),
 * so its own database needs no change; `security.enterprise_roots.enabled` turns that off for a profile.
 */

const off = 'user_pref("security.enterprise_roots.enabled",false);'

/** Whether a profile disables the import, in its settings or the user's own `user.js`. */
export function readsNoSystemRoots(profile: string): boolean {
  return ['prefs.js', 'user.js'].some((name) => {
    const path = join(profile, name)
    if (!existsSync(path)) return false
    const lines = readFileSync(path, 'utf8').split('\n')
    return lines.some((line) => line.replaceAll(/\s/g, '').startsWith(off))
  })
}

/** Explains such a profile; Edgekeep does not override the user's setting. */
export function enterpriseRoots(o: { id: string; title: string; folder: string }): TrustStore {
  const sentence = `${o.title} has security.enterprise_roots.enabled set to false, so that it does not read this system’s roots. Set it to true in about:config.`
  const refuse = () => Promise.reject(new Error(sentence))
  return {
    id: o.id,
    kind: 'firefox',
    title: o.title,
    location: o.folder,
    elevated: false,
    read: async () => ({ state: 'unmanaged', sentence, present: [] }),
    obstacle: async () => ({ sentence, command: null }),
    change: () => '',
    commands: () => '',
    put: refuse,
    takeOut: refuse,
    files: () => [],
  }
}
