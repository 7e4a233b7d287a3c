import { accessSync, constants, existsSync, mkdirSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Obstacle } from '../../../contract/trust/trust.ts'
import { certificatesIn, fingerprintOf, nicknameOf, type TrustedRoot, type WantedRoots } from './roots.ts'
import {
  commandFor,
  nssCertutil,
  run,
  type Ran,
  type HostEnvironment,
} from '../../../platform/commands/host-environment.ts'
import { fileSentence, readingOf, type StoreReading, type TrustStore } from './store.ts'

/** Files of an NSS database: certificates, trust with its integrity, modules. */
const files = ['cert9.db', 'key4.db', 'pkcs11.txt']

/** Authorities that a person has added; each is one run of certutil. */
const mostRoots = 100

export interface NssOptions {
  id: string
  kind: 'nss' | 'firefox'
  title: string
  folder: string
  /** True for Firefox, which caches certificates in memory while it runs and may overwrite changes. */
  refusesWhileOpen: boolean
}

/** NSS certificate database: of Chromium-based browsers for a user, of Firefox for a profile. */
export function nssStore(hostEnvironment: HostEnvironment, options: NssOptions): TrustStore {
  const { id, kind, title, folder, refusesWhileOpen } = options
  const certutil = (words: string[], input?: string): Promise<Ran> =>
    run(nssCertutil(hostEnvironment) ?? 'certutil', [...words, '-d', `sql:${folder}`], { input })

  async function read(wanted: WantedRoots): Promise<StoreReading> {
    const missing = missingCertutil(hostEnvironment)
    if (missing) return { state: 'unreadable', sentence: missing.sentence, present: [] }
    if (!existsSync(join(folder, 'cert9.db')))
      return readingOf(wanted, { trusted: [], distrusted: [], others: [] })
    const listed = await certutil(['-L'])
    if (listed.status !== 0)
      return {
        state: 'unreadable',
        sentence: `The database cannot be read: ${nssErrorMessage(listed)}`,
        present: [],
      }
    return readingOf(wanted, await found(listed.stdout, wanted))
  }

  async function found(listing: string, { ours }: WantedRoots) {
    const result = { trusted: [] as string[], distrusted: [] as string[], others: [] as string[] }
    for (const { nickname, flags } of entriesOf(listing)) {
      if (!nickname.startsWith('Edgekeep')) continue
      const [pem] = certificatesIn((await certutil(['-L', '-a', '-n', nickname])).stdout)
      if (!pem) continue
      const fingerprint = fingerprintOf(pem)
      const isOurs = ours.some((root) => root.fingerprint === fingerprint)
      if (!isOurs) result.others.push(fingerprint)
      else if (flags.includes('C')) result.trusted.push(fingerprint)
      else result.distrusted.push(fingerprint)
    }
    return result
  }

  async function roots(): Promise<string[]> {
    if (missingCertutil(hostEnvironment) || !existsSync(join(folder, 'cert9.db'))) return []
    const trusted = entriesOf((await certutil(['-L'])).stdout).filter(({ flags }) => flags.includes('C'))
    const found: string[] = []
    for (const { nickname } of trusted.slice(0, mostRoots))
      found.push(...certificatesIn((await certutil(['-L', '-a', '-n', nickname])).stdout))
    return found
  }

  async function obstacle(): Promise<Obstacle | null> {
    const missing = missingCertutil(hostEnvironment)
    if (missing) return missing
    const holder = refusesWhileOpen ? holderOf(join(folder, 'cert9.db')) : undefined
    if (holder)
      return {
        sentence: `${title} is open in ${holder}, which would not see the change. Close it first.`,
        command: null,
      }
    return unwritable(folder)
  }

  async function put({ current, retired, ours }: WantedRoots): Promise<void> {
    if (!existsSync(join(folder, 'cert9.db'))) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      must(await certutil(['-N', '--empty-password']))
    }
    const trusted = [current, ...retired]
    for (const root of ours) if (!trusted.includes(root)) await remove(root)
    // Adding a certificate again updates its trust.
    for (const root of trusted) must(await certutil(['-A', '-t', 'C,,', '-n', nicknameOf(root)], root.pem))
  }

  async function takeOut({ ours }: WantedRoots): Promise<void> {
    if (!existsSync(join(folder, 'cert9.db'))) return
    for (const root of ours) await remove(root)
  }

  /** Removal by fingerprint, since the nickname may differ. */
  async function remove({ fingerprint }: TrustedRoot): Promise<void> {
    const listed = must(await certutil(['-L']))
    for (const { nickname } of entriesOf(listed.stdout)) {
      if (!nickname.startsWith('Edgekeep')) continue
      const [pem] = certificatesIn((await certutil(['-L', '-a', '-n', nickname])).stdout)
      if (pem && fingerprintOf(pem) === fingerprint) must(await certutil(['-D', '-n', nickname]))
    }
  }

  return {
    id,
    kind,
    title,
    location: folder,
    elevated: false,
    read,
    roots,
    obstacle,
    change: (action) =>
      action === 'install'
        ? `Adds the local authority to ${title}, for web sites only.`
        : `Takes the local authority out of ${title}.`,
    commands: () => '',
    put,
    takeOut,
    files: () => files.map((name) => join(folder, name)),
  }
}

function missingCertutil(hostEnvironment: HostEnvironment): Obstacle | null {
  if (nssCertutil(hostEnvironment)) return null
  const sentence = 'NSS’s certutil, which reads and writes this database, is not installed.'
  return { sentence, command: commandFor('certutil', hostEnvironment) }
}

function unwritable(folder: string): Obstacle | null {
  if (!existsSync(folder)) return null
  for (const path of [folder, ...files.map((name) => join(folder, name))]) {
    try {
      if (existsSync(path)) accessSync(path, constants.W_OK)
    } catch (error) {
      return { sentence: fileSentence(error, path), command: null }
    }
  }
  return null
}

/** Parses `certutil -L`: a nickname, which may contain spaces, and flags for SSL, e-mail and code. */
function entriesOf(listing: string): { nickname: string; flags: string }[] {
  return listing.split('\n').flatMap((line) => {
    const text = line.trimEnd()
    const space = text.lastIndexOf(' ')
    const flags = text.slice(space + 1).split(',')
    if (space < 0 || flags.length !== 3) return []
    return [{ nickname: text.slice(0, space).trimEnd(), flags: flags[0] ?? '' }]
  })
}

function must(ran: Ran): Ran {
  if (ran.status !== 0) throw new Error(`The database could not be changed: ${nssErrorMessage(ran)}`)
  return ran
}

/** Output of certutil, explained if known. */
function nssErrorMessage({ stderr }: Ran): string {
  const line = stderr.split('\n').find((each) => each.includes('SEC_ERROR') || each.startsWith('certutil:'))
  const message = (line ?? stderr).replace('certutil: ', '').trim().slice(0, 300)
  if (message.includes('SEC_ERROR_BAD_DATABASE') || message.includes('SEC_ERROR_LEGACY_DATABASE'))
    return `it is damaged (${message}). Nothing was changed; the browser makes a new one when its files are moved away.`
  if (message.includes('NOT_LOGGED_IN') || message.includes('BAD_PASSWORD'))
    return 'it has a primary password. Import the authority in the browser’s own settings, where it can be asked for.'
  return message
}

/** Program of this user that has a file open; Linux only. */
function holderOf(path: string): string | undefined {
  if (process.platform !== 'linux') return undefined
  for (const pid of readdirSync('/proc')) {
    if (!(Number(pid) > 0) || Number(pid) === process.pid) continue
    try {
      const open = readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === path)
      if (open) return linkOf(`/proc/${pid}/exe`)?.split('/').at(-1) ?? `process ${pid}`
    } catch (error) {
      // The process is another user's, or has ended.
      if (!['EACCES', 'EPERM', 'ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error
    }
  }
  return undefined
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
