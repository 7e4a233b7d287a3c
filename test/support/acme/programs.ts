import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installDebianPackage } from '../processes/debian-packages.ts'

/** Address of our ACME server, as a client is configured with it. */
export interface AcmeAt {
  directory: string
  /** File with the root that signed the server's certificate. */
  root: string
  folder: string
  httpPort: number
  tlsPort: number
}

export interface RanProgram {
  status: number | null
  said: string
}

/** Installs the ACME client where possible; null if it is present. */
export function whyNoProgram(name: 'certbot' | 'lego' | 'caddy'): string | null {
  const isThere = () => spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined
  if (isThere() || (installDebianPackage(name) && isThere())) return null
  return `there is no ${name} (Debian: apt install ${name}) to get certificates with`
}

async function runProgram(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<RanProgram> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  return { status: await promise, said }
}

export function certbot(at: AcmeAt, ...args: string[]): Promise<RanProgram> {
  const folders = ['config', 'work', 'logs'].flatMap((name) => [
    `--${name}-dir`,
    join(at.folder, 'certbot', name),
  ])
  return runProgram(
    'certbot',
    [...args, ...folders, '--server', at.directory, '--non-interactive', '--no-random-sleep-on-renew'],
    { REQUESTS_CA_BUNDLE: at.root },
  )
}

export function lego(at: AcmeAt, ...args: string[]): Promise<RanProgram> {
  return legoWith(at, {}, ...args)
}

/** Runs lego with `env`, the settings of its DNS provider. */
export function legoWith(at: AcmeAt, env: Record<string, string>, ...args: string[]): Promise<RanProgram> {
  const path = join(at.folder, 'lego')
  return runProgram('lego', ['--server', at.directory, '--path', path, '--accept-tos', ...args], {
    LEGO_CA_CERTIFICATES: at.root,
    ...env,
  })
}

/** Starts Caddy with a Caddyfile. */
export function startCaddy(
  at: AcmeAt,
  sites: string[],
  options: string[] = [],
): { child: ChildProcess; said: () => string } {
  const folder = join(at.folder, 'caddy')
  mkdirSync(folder, { recursive: true })
  const lines = [
    '{',
    'admin off',
    'auto_https disable_redirects',
    `http_port ${at.httpPort}`,
    `https_port ${at.tlsPort}`,
    `acme_ca ${at.directory}`,
    `acme_ca_root ${at.root}`,
    'skip_install_trust',
    ...options,
    '}',
    ...sites.map((site) => `${site} {\nrespond "served by Caddy"\n}`),
  ]
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn('caddy', ['run', '--config', file, '--adapter', 'caddyfile'], {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more))
  child.stderr.setEncoding('utf8').on('data', (more: string) => (text += more))
  return { child, said: () => text }
}
