import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TrustStore } from './store.ts'

/*
 * On macOS and Windows Firefox imports the roots that were added to the system's (from version 120 on by default), so
 * that its own database needs no change; `security.enterprise_roots.enabled` turns it off for a profile.
 */

const off = 'user_pref("security.enterprise_roots.enabled",false);'

/** Whether a profile was told not to read the system's roots, by its settings or by its user's own file of them. */
export function readsNoSystemRoots(profile: string): boolean {
  return ['prefs.js', 'user.js'].some((name) => {
    const path = join(profile, name)
    if (!existsSync(path)) return false
    const lines = readFileSync(path, 'utf8').split('\n')
    return lines.some((line) => line.replaceAll(/\s/g, '').startsWith(off))
  })
}

/** Of such a profile: what to do, since no program should overrule what was set by hand. */
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
