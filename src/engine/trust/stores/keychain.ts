import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Obstacle } from '../../../contract/trust.ts'
import { certificatesIn, fingerprintOf, thumbprintOf, type TrustedRoot, type WantedRoots } from '../roots.ts'
import { run, systemPath, type Ran, type Surroundings } from '../surroundings.ts'
import { quoted } from './shell.ts'
import { readingOf, type StoreReading, type TrustStore } from './store.ts'
import { trustSettingsIn, type TrustSetting } from './trust-settings.ts'

/*
 * macOS keeps a certificate in a keychain and what it is trusted for in another place, by its SHA-1 fingerprint:
 * for this person (the user's domain) or for everybody (the admin's, `-d`). Both are asked, and both are changed, by
 * `security`. macOS itself asks for the person's password before it changes the first, and from macOS 11 on for an
 * administrator's in a dialog of its own before it changes the second, also of root; macOS 15 took away the way to
 * turn that question off. Not tried on a Mac: what it prints is as recorded.
 */

export type KeychainDomain = 'login' | 'system'

const dialogMs = 300_000
const tool = '/usr/bin/security'
const systemKeychain = '/Library/Keychains/System.keychain'

const words = {
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

/** The login keychain of this person, or the keychain of all users, with its domain of trust settings. */
export function keychainStore(surroundings: Surroundings, domain: KeychainDomain): TrustStore {
  const security = systemPath(surroundings, tool)
  const isSystem = domain === 'system'
  const keychain = isSystem
    ? systemPath(surroundings, systemKeychain)
    : join(surroundings.home, 'Library/Keychains/login.keychain-db')
  const ask = (given: string[], timeoutMs?: number): Promise<Ran> =>
    run(security, given, { env: plainEnvironment(surroundings), ...(timeoutMs ? { timeoutMs } : {}) })

  /** What lies in the keychain, as PEM. Throws a sentence. */
  async function certificates(): Promise<string[]> {
    const listed = await ask(['find-certificate', '-a', '-p', keychain])
    if (listed.status !== 0 && !isNothing(listed))
      throw new Error(`The keychain cannot be read: ${meaning(listed)}`)
    return certificatesIn(listed.stdout)
  }

  /** Of one domain, by SHA-1. Throws a sentence. */
  async function settings(of: KeychainDomain): Promise<Map<string, TrustSetting>> {
    return withFolder(surroundings, async (folder) => {
      const file = join(folder, 'settings.plist')
      const exported = await ask(['trust-settings-export', ...(of === 'system' ? ['-d'] : []), file])
      if (exported.status !== 0) {
        if (isNothing(exported)) return new Map()
        throw new Error(`The trust settings cannot be read: ${meaning(exported)}`)
      }
      try {
        return trustSettingsIn(readFileSync(file, 'utf8'))
      } catch (error) {
        throw new Error(`The trust settings cannot be read: ${(error as Error).message}`, { cause: error })
      }
    })
  }

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    try {
      const [kept, own, person] = await Promise.all([
        certificates(),
        settings(domain),
        // What this person denies is denied whatever the system's keychain says.
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

  const adding = (file: string) => [
    ...['add-trusted-cert', ...(isSystem ? ['-d'] : []), '-r', 'trustRoot', '-p', 'ssl', '-p', 'basic'],
    ...['-k', keychain, file],
  ]
  const removing = (file: string) => ['remove-trusted-cert', ...(isSystem ? ['-d'] : []), file]
  const deleting = (root: TrustedRoot) => [
    'delete-certificate',
    '-Z',
    thumbprintOf(root.pem).toUpperCase(),
    keychain,
  ]

  async function put({ current, retired, ours }: WantedRoots): Promise<void> {
    const kept = [current, ...retired]
    const before = (await certificates()).map(fingerprintOf)
    await takeOutOf(ours.filter((root) => !kept.includes(root)))
    await withFolder(surroundings, async (folder) => {
      for (const [index, root] of kept.entries()) {
        const file = join(folder, `root-${index}.pem`)
        writeFileSync(file, root.pem, { mode: 0o600 })
        const ran = await ask(adding(file), dialogMs)
        if (ran.status === 0) continue
        // It lies in the keychain already when macOS asks, and stays there where the answer is no.
        for (const each of kept) if (!before.includes(each.fingerprint)) await ask(deleting(each))
        throw new Error(meaning(ran))
      }
    })
  }

  async function takeOutOf(roots: TrustedRoot[]): Promise<void> {
    const kept = (await certificates()).map(fingerprintOf)
    const trusted = await settings(domain)
    await withFolder(surroundings, async (folder) => {
      for (const root of roots) {
        if (trusted.has(thumbprintOf(root.pem))) {
          const file = join(folder, 'root.pem')
          writeFileSync(file, root.pem, { mode: 0o600 })
          must(await ask(removing(file), dialogMs))
        }
        if (kept.includes(root.fingerprint)) must(await ask(deleting(root)))
      }
    })
  }

  function commands(action: 'install' | 'undo', { current, retired, ours }: WantedRoots): string {
    const kept = action === 'install' ? [current, ...retired] : []
    const gone = ours.filter((root) => !kept.includes(root))
    const line = (given: string[]) => [security, ...given].map(quoted).join(' ')
    if (!isSystem) {
      const file = (root: TrustedRoot) => `${root.fingerprint.slice(0, 16)}.pem`
      const out =
        action === 'undo' ? gone.flatMap((root) => [line(removing(file(root))), line(deleting(root))]) : []
      return [...out, ...kept.map((root) => line(adding(file(root))))].join('\n')
    }
    // A folder that is made for it is the administrator's alone.
    const inFolder = (root: TrustedRoot, given: (file: string) => string[]) => [
      `cat > "$folder/root.pem" <<'END_OF_CERTIFICATE'\n${root.pem.trimEnd()}\nEND_OF_CERTIFICATE`,
      `${line(given('FILE')).replace(/FILE$/, '"$folder/root.pem"')}`,
    ]
    const orNothing = (lines: string[]) =>
      lines.map((each) => (each.startsWith(security) ? `${each} || :` : each))
    return [
      'folder=$(mktemp -d)',
      `trap 'rm -rf "$folder"' EXIT`,
      ...gone.flatMap((root) => orNothing([...inFolder(root, removing), line(deleting(root))])),
      ...kept.flatMap((root) => inFolder(root, adding)),
    ].join('\n')
  }

  const { title, ...changes } = words[domain]
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
    commands,
    put,
    takeOut: ({ ours }) => takeOutOf(ours),
    files: () => [],
  }
}

/** In Edgekeep's own folder, which only this person can reach, and gone afterwards. */
async function withFolder<T>({ folder }: Surroundings, act: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const own = mkdtempSync(join(folder, 'keychain-'))
  try {
    return await act(own)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

/** What could lead the tool elsewhere is left out; HOME says whose keychain it is. */
function plainEnvironment({ home }: Surroundings): NodeJS.ProcessEnv {
  return { HOME: home, PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }
}

function isOfAnotherEdgekeep(pem: string): boolean {
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64').includes('Edgekeep')
}

/** errSecNoTrustSettings, or an item that is not there. */
function isNothing({ stderr }: Ran): boolean {
  return (
    stderr.includes('No Trust Settings were found') || stderr.includes('could not be found in the keychain')
  )
}

function must(ran: Ran): void {
  if (ran.status !== 0 && !isNothing(ran)) throw new Error(meaning(ran))
}

/** What `security` said, and what it means where that is known. */
function meaning({ stderr, status }: Ran): string {
  const said = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
  if (said.includes('canceled by the user')) return 'macOS asked for your password, and was told no.'
  if (said.includes('no user interaction was possible'))
    return 'macOS asks for a password in a dialog of its own here, and could not show one. Do it in a session with a desktop, in a terminal.'
  if (status === null) return 'macOS asked for your password, and nobody answered in time.'
  return `security said: ${said || 'nothing'}`
}
