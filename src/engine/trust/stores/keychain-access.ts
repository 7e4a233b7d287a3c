import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { certificatesIn, thumbprintOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import { run, type Ran, type HostEnvironment } from '../../../platform/commands/host-environment.ts'
import { trustSettingsIn, type TrustSetting } from './trust-settings.ts'
import { quoted } from '../../../platform/commands/shell.ts'

export type KeychainDomain = 'login' | 'system'

export const dialogMs = 300_000

interface Place {
  security: string
  keychain: string
}

/** Reads a keychain and its trust settings by macOS' `security`. */
export function openKeychain(hostEnvironment: HostEnvironment, { security, keychain }: Place) {
  const ask = (given: string[], timeoutMs?: number): Promise<Ran> =>
    run(security, given, { env: plainEnvironment(hostEnvironment), ...(timeoutMs ? { timeoutMs } : {}) })

  /**
   * Certificates with "Edgekeep" in their common name, as PEM.
   * @throws an Error with a sentence
   */
  async function certificates(): Promise<string[]> {
    const listed = await ask(['find-certificate', '-a', '-c', 'Edgekeep', '-p', keychain])
    if (listed.status !== 0 && !isNothing(listed))
      throw new Error(`The keychain cannot be read: ${meaning(listed)}`)
    return certificatesIn(listed.stdout)
  }

  /**
   * Trust settings of one domain, by SHA-1.
   * @throws an Error with a sentence
   */
  async function settings(of: KeychainDomain): Promise<Map<string, TrustSetting>> {
    return withFolder(hostEnvironment, async (folder) => {
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

  return { ask, certificates, settings }
}

/** Temporary folder inside Edgekeep's own, which only this user can read. */
export async function withFolder<T>(
  { folder }: HostEnvironment,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const own = mkdtempSync(join(folder, 'keychain-'))
  try {
    return await act(own)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}

/** Minimal environment, so that no variable redirects the tool; HOME selects the keychain. */
function plainEnvironment({ home }: HostEnvironment): NodeJS.ProcessEnv {
  return { HOME: home, PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }
}

/** errSecNoTrustSettings, or a missing item. */
function isNothing({ stderr }: Ran): boolean {
  return (
    stderr.includes('No Trust Settings were found') || stderr.includes('could not be found in the keychain')
  )
}

export function must(ran: Ran): void {
  if (ran.status !== 0 && !isNothing(ran)) throw new Error(meaning(ran))
}

/** Output of `security`, explained if known. */
export function meaning({ stderr, status }: Ran): string {
  const lastLine = stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''
  if (lastLine.includes('canceled by the user')) return 'macOS asked for your password, and was told no.'
  if (lastLine.includes('no user interaction was possible'))
    return 'macOS asks for a password in a dialog of its own here, and could not show one. Do it in a session with a desktop, in a terminal.'
  if (status === null) return 'macOS asked for your password, and nobody answered in time.'
  return `security said: ${lastLine || 'nothing'}`
}

interface Keychain {
  security: string
  keychain: string
  isSystem: boolean
}

/** Arguments of macOS' `security` (security(1)), to show or to run in an administrator's `/bin/sh`. */
export function keychainCommands({ security, keychain, isSystem }: Keychain) {
  const adding = (file: string): string[] => [
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
  const line = (given: string[]) => [security, ...given].map(quoted).join(' ')

  function shown(action: 'install' | 'undo', { current, retired, ours }: WantedRoots): string {
    const trusted = action === 'install' ? [current, ...retired] : []
    const gone = ours.filter((root) => !trusted.includes(root))
    return isSystem ? script(gone, trusted) : lines(action === 'undo' ? gone : [], trusted)
  }

  /** Commands that Edgekeep runs itself. */
  function lines(gone: TrustedRoot[], kept: TrustedRoot[]): string {
    const file = (root: TrustedRoot) => `${root.fingerprint.slice(0, 16)}.pem`
    const out = gone.flatMap((root) => [line(removing(file(root))), line(deleting(root))])
    return [...out, ...kept.map((root) => line(adding(file(root))))].join('\n')
  }

  /** Commands for the administrator, with files in a new folder that only the administrator can write. */
  function script(gone: TrustedRoot[], kept: TrustedRoot[]): string {
    const inFolder = (root: TrustedRoot, given: (file: string) => string[]) => [
      `cat > "$folder/root.pem" <<'END_OF_CERTIFICATE'\n${root.pem.trimEnd()}\nEND_OF_CERTIFICATE`,
      line(given('FILE')).replace(/FILE$/, '"$folder/root.pem"'),
    ]
    const orNothing = (each: string) => (each.startsWith(security) ? `${each} || :` : each)
    return [
      'folder=$(mktemp -d)',
      `trap 'rm -rf "$folder"' EXIT`,
      ...gone.flatMap((root) => [...inFolder(root, removing), line(deleting(root))].map(orNothing)),
      ...kept.flatMap((root) => inFolder(root, adding)),
    ].join('\n')
  }

  return { adding, removing, deleting, shown }
}
