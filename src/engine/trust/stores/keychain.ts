import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { fingerprintOf, thumbprintOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import { systemPath, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import {
  dialogMs,
  meaning,
  must,
  openKeychain,
  withFolder,
  type KeychainDomain,
  keychainCommands,
} from './keychain-access.ts'
import { readingOf, type StoreReading, type TrustStore } from './store.ts'
import type { TrustSetting } from './trust-settings.ts'

/*
 * macOS has certificates in a keychain and their trust settings elsewhere, by SHA-1 fingerprint: for this
 * user (the user domain) or for all (the admin domain, `-d`). `security` reads and changes both. macOS itself
 * asks for the user's password before it changes the former, and since macOS 11 for an administrator's in its
 * own dialog before it changes the latter, also for root; macOS 15 removed the way to turn that off. Not
 * tested on a Mac: outputs are as recorded.
 */

const tool = '/usr/bin/security'
const systemKeychain = '/Library/Keychains/System.keychain'

const descriptions = {
  login: {
    title: 'the login keychain',
    install:
      'Adds the local authority to your login keychain and trusts it for web sites, for you alone. macOS asks for your password.',
    undo: 'Takes the local authority, and the trust in it, out of your login keychain. macOS asks for your password.',
  },
  system: {
    title: 'the system keychain',
    install:
      'Adds the local authority to the system keychain and trusts it for web sites, for all users. From macOS 11 on a dialog of macOS asks for an administrator’s password once more.',
    undo: 'Takes the local authority, and the trust in it, out of the system keychain. A dialog of macOS may ask for an administrator’s password once more.',
  },
} as const

/** The user's login keychain or the system keychain, with its domain of trust settings. */
export function keychainStore(hostEnvironment: HostEnvironment, domain: KeychainDomain): TrustStore {
  const security = systemPath(hostEnvironment, tool)
  const isSystem = domain === 'system'
  const keychain = isSystem
    ? systemPath(hostEnvironment, systemKeychain)
    : join(hostEnvironment.home, 'Library/Keychains/login.keychain-db')
  const { adding, removing, deleting, shown } = keychainCommands({ security, keychain, isSystem })
  const { ask, certificates, settings } = openKeychain(hostEnvironment, { security, keychain })
  async function read(wanted: WantedRoots): Promise<StoreReading> {
    try {
      const [kept, own, person] = await Promise.all([
        certificates(),
        settings(domain),
        // A denial in the user domain takes precedence over the system's keychain.
        isSystem ? settings('login') : new Map<string, TrustSetting>(),
      ])
      const found = { trusted: [] as string[], distrusted: [] as string[], others: [] as string[] }
      for (const pem of kept) {
        const [fingerprint, sha1] = [fingerprintOf(pem), thumbprintOf(pem)]
        const isDenied = own.get(sha1) === 'denied' || person.get(sha1) === 'denied'
        if (!wanted.ours.some((root) => root.fingerprint === fingerprint)) {
          if (isOfAnotherEdgekeep(pem) && own.get(sha1) === 'trusted') found.others.push(fingerprint)
        } else if (isDenied) found.distrusted.push(fingerprint)
        else if (own.get(sha1) === 'trusted') found.trusted.push(fingerprint)
      }
      return readingOf(wanted, found)
    } catch (error) {
      return { state: 'unreadable', sentence: (error as Error).message, present: [] }
    }
  }

  async function obstacle(): Promise<Obstacle | null> {
    if (!existsSync(security))
      return { sentence: `${tool}, which changes keychains, is not there.`, command: null }
    if (!isSystem && !existsSync(keychain))
      return { sentence: `${keychain} is not there: you have no login keychain.`, command: null }
    return null
  }

  async function put({ current, retired, ours }: WantedRoots): Promise<void> {
    const trusted = [current, ...retired]
    const before = (await certificates()).map(fingerprintOf)
    await takeOutOf(ours.filter((root) => !trusted.includes(root)))
    await withFolder(hostEnvironment, async (folder) => {
      for (const [index, root] of trusted.entries()) {
        const file = join(folder, `root-${index}.pem`)
        writeFileSync(file, root.pem, { mode: 0o600 })
        const ran = await ask(adding(file), dialogMs)
        if (ran.status === 0) continue
        // The certificate is in the keychain before macOS asks, and would stay there after a refusal.
        for (const each of trusted) if (!before.includes(each.fingerprint)) await ask(deleting(each))
        throw new Error(meaning(ran))
      }
    })
  }

  async function takeOutOf(roots: TrustedRoot[]): Promise<void> {
    const installed = (await certificates()).map(fingerprintOf)
    const trusted = await settings(domain)
    await withFolder(hostEnvironment, async (folder) => {
      for (const root of roots) {
        if (trusted.has(thumbprintOf(root.pem))) {
          const file = join(folder, 'root.pem')
          writeFileSync(file, root.pem, { mode: 0o600 })
          must(await ask(removing(file), dialogMs))
        }
        if (installed.includes(root.fingerprint)) must(await ask(deleting(root)))
      }
    })
  }

  const { title, ...changes } = descriptions[domain]
  return {
    id: `keychain:${domain}`,
    kind: 'keychain',
    title,
    location: keychain,
    elevated: isSystem,
    isWide: isSystem,
    read,
    obstacle,
    change: (action) => changes[action],
    commands: shown,
    put,
    takeOut: ({ ours }) => takeOutOf(ours),
    files: () => [],
  }
}

function isOfAnotherEdgekeep(pem: string): boolean {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').includes('Edgekeep')
}
