import { spawn, type ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { packagedChromiums, packagedFirefox } from '../trust/clients/find-clients.ts'
import {
  commandFor,
  nssCertutil,
  run,
  type HostEnvironment,
} from '../../platform/commands/host-environment.ts'

/** Public data that a separate browser needs to show a site of the edge. */
export interface Site {
  host: string
  /** Whether HTTPS is on. */
  isSecure: boolean
  /** Served names, exact or `*.`. */
  domains: string[]
  edge: { https: number; http: number }
  proxyPort: number
  /** Additional trust anchors in PEM. */
  roots: string[]
}

export interface SiteBrowser {
  name: string
  address: string
  /** Resolves when it was closed and its profile is deleted. */
  closed: Promise<void>
  close(): void
}

export interface SiteBrowserOptions {
  hostEnvironment: HostEnvironment
  /** `chromium` or `firefox`; by default the first one found. */
  kind?: 'chromium' | 'firefox'
  words?: string[]
}

/** Reason why no browser can be opened; the message is a sentence. */
export class NoBrowserError extends Error {}

/**
 * Opens a site in a browser with a temporary profile. Only that browser resolves the names to the edge and
 * trusts the local authority; nothing else on this computer changes.
 */
export async function openSiteBrowser(site: Site, options: SiteBrowserOptions): Promise<SiteBrowser> {
  const { hostEnvironment } = options
  const { name, path, kind } = browserFor(options)
  const folder = newFolder(hostEnvironment)
  try {
    const program =
      kind === 'chromium' ? await chromium(site, folder, options) : await firefox(site, folder, options)
    const child = spawn(path, program.words, { env: program.env, stdio: 'ignore', detached: true })
    const closed = untilGone(child, folder)
    await starts(child, name)
    writeFileSync(join(folder, 'pid'), String(child.pid))
    return { name, address: program.words.at(-1) ?? '', closed, close: () => end(child) }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    throw error
  }
}

function browserFor({ hostEnvironment, kind }: SiteBrowserOptions) {
  const [first] = packagedChromiums(hostEnvironment)
  const fox = packagedFirefox(hostEnvironment)
  const isRoot = hostEnvironment.platform === 'linux' && process.getuid?.() === 0
  if (first && kind !== 'firefox' && (!isRoot || kind === 'chromium'))
    return { ...first, kind: 'chromium' as const }
  if (fox && kind !== 'chromium') return { name: 'Firefox', path: fox, kind: 'firefox' as const }
  throw new NoBrowserError(
    first
      ? 'Chromium-based browsers do not run as root, and there is no Firefox here.'
      : 'There is no Chromium, Chrome, Edge, Brave, Vivaldi or Firefox here that takes a profile of Edgekeep’s; a snap or flatpak does not.',
  )
}

interface Program {
  env: NodeJS.ProcessEnv
  /** Arguments, the address last. */
  words: string[]
}

async function chromium(
  site: Site,
  folder: string,
  { hostEnvironment, words = [] }: SiteBrowserOptions,
): Promise<Program> {
  const home = join(folder, 'home')
  await trustIn(join(home, '.pki', 'nssdb'), site, hostEnvironment)
  const rules = site.domains.flatMap((name) => [
    `MAP ${name}:443 127.0.0.1:${site.edge.https}`,
    `MAP ${name}:80 127.0.0.1:${site.edge.http}`,
    `MAP ${name} 127.0.0.1`,
  ])
  return {
    env: { ...hostEnvironment.env, HOME: home },
    words: [
      `--user-data-dir=${join(folder, 'profile')}`,
      `--host-resolver-rules=${rules.join(', ')}`,
      ...['--no-first-run', '--no-default-browser-check', '--password-store=basic', '--disable-breakpad'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...words,
      addressOf(site),
    ],
  }
}

/** Firefox has no rules for names, so it uses the CONNECT endpoint by a PAC file. */
async function firefox(
  site: Site,
  folder: string,
  { hostEnvironment, words = [] }: SiteBrowserOptions,
): Promise<Program> {
  const profile = join(folder, 'profile')
  await trustIn(profile, site, hostEnvironment)
  const values = {
    'network.proxy.type': 2,
    'network.proxy.autoconfig_url': `http://127.0.0.1:${site.proxyPort}/proxy.pac`,
    'network.trr.mode': 5,
    'browser.shell.checkDefaultBrowser': false,
    'browser.aboutwelcome.enabled': false,
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.server': '',
  }
  writeFileSync(
    join(profile, 'user.js'),
    Object.entries(values)
      .map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`)
      .join(''),
  )
  return {
    env: hostEnvironment.env,
    words: ['--no-remote', '--new-instance', '--profile', profile, ...words, addressOf(site)],
  }
}

/** No port number: the browser's rules or proxy lead to the edge's ports. */
function addressOf({ host, isSecure }: Site): string {
  return `${isSecure ? 'https' : 'http'}://${host}/`
}

/** Creates a certificate database that contains the local authority only. */
async function trustIn(folder: string, { roots }: Site, hostEnvironment: HostEnvironment): Promise<void> {
  const certutil = nssCertutil(hostEnvironment)
  if (!certutil) {
    const command = commandFor('certutil', hostEnvironment)
    throw new NoBrowserError(
      `NSS’s certutil, which makes the browser trust the local authority, is not installed.${command ? ` Run: ${command}` : ''}`,
    )
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const must = async (words: string[], input?: string) => {
    const { status, stderr } = await run(certutil, [...words, '-d', `sql:${folder}`], { input })
    if (status !== 0)
      throw new NoBrowserError(
        `The browser’s certificates could not be written: ${stderr.trim().slice(0, 200)}`,
      )
  }
  await must(['-N', '--empty-password'])
  for (const [at, root] of roots.entries()) await must(['-A', '-t', 'C,,', '-n', `Edgekeep ${at + 1}`], root)
}

/** Temporary folder that only its owner can reach. Deletes leftovers of ended processes. */
function newFolder({ folder }: HostEnvironment): string {
  const place = join(folder, 'browsers')
  mkdirSync(place, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(place)) {
    const left = join(place, name)
    if (!isRunning(left)) rmSync(left, { recursive: true, force: true, maxRetries: 5 })
  }
  return mkdtempSync(join(place, 'site-'))
}

/** A folder without a process id may belong to a browser that is starting. */
function isRunning(folder: string): boolean {
  const noted = join(folder, 'pid')
  if (!existsSync(noted)) return Date.now() - startedAt(folder) < 60_000
  try {
    process.kill(Number(readFileSync(noted, 'utf8')), 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function startedAt(folder: string): number {
  return statSync(folder).ctimeMs
}

async function untilGone(child: ChildProcess, folder: string): Promise<void> {
  await new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
}

/** Longest time in which a failing browser exits. */
const failureShowsMs = 1500

async function starts(child: ChildProcess, name: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.once('error', (error) =>
    reject(new NoBrowserError(`${name} could not be started: ${error.message}.`)),
  )
  child.once('exit', (status) =>
    reject(
      new NoBrowserError(
        `${name} ended at once (${status ?? 'by a signal'}). Is there a screen to show it on?`,
      ),
    ),
  )
  const timer = setTimeout(resolve, failureShowsMs)
  await promise.finally(() => clearTimeout(timer))
}

/** Terminates the whole process group. */
function end({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
