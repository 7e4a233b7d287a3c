import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TrustClient, TrustOutcome } from '../../src/contract/trust/trust.ts'
import { freePort } from '../support/free-port.ts'
import { unless } from '../support/needs.ts'

const repository = join(import.meta.dirname, '../..')
const root = mkdtempSync('/tmp/edgekeep-trust-person-')
const home = join(root, 'home')
const deno = join(root, 'deno')
const systemPath = `/usr/local/bin:/usr/bin:/bin:${deno}`
const jdk = join(home, '.sdkman/candidates/java/17')
const isRoot = process.getuid?.() === 0

/** Clients of this test: name, how to select it, and why it is skipped if missing. */
const clients: [name: string, asked: string, missing: string | undefined][] = [
  ['Chromium', 'chromium', missingOf('chromium')],
  ['Firefox', 'firefox', missingOf('firefox-esr') && missingOf('firefox')],
  ['curl', 'curl', missingOf('curl')],
  ['wget', 'wget', missingOf('wget')],
  ['git', 'git', missingOf('git')],
  ['OpenSSL', 'openssl', missingOf('openssl')],
  ['Python', 'python', missingOf('python3')],
  ['Node', 'node', missingOf('node')],
  ['Java', `java:${jdk}`, missingOf('java')],
  ['Go', 'go', missingOf('go')],
  ['Cargo', 'cargo', missingOf('cargo')],
  ['Deno', 'deno', installDeno()],
]
for (const [name, , missing] of clients) if (missing) console.log(`Skipped: ${name}, because ${missing}.`)
const here = clients.filter(([, , missing]) => !missing)
const asked = here.map(([, each]) => each)

function missingOf(program: string): string | undefined {
  const found = systemPath.split(':').some((folder) => existsSync(join(folder, program)))
  return found ? undefined : `${program} is not installed here`
}

/** Deno is in npm's registry as a program by itself; an installation of this computer's is taken before it. */
function installDeno(): string | undefined {
  if (!missingOf('deno')) return undefined
  const kind = `@deno/linux-${process.arch}-glibc`
  const words = ['install', '--prefix', deno, '--ignore-scripts', '--no-audit', '--no-fund', `${kind}@2.9.6`]
  const ran = spawnSync('npm', words, { encoding: 'utf8', timeout: 300_000 })
  const program = join(deno, 'node_modules', kind, 'deno')
  if (ran.status !== 0 || !existsSync(program)) return 'its package cannot be downloaded'
  symlinkSync(program, join(deno, 'deno'))
  return undefined
}

let engine: ChildProcess
beforeAll(async () => {
  // The owner of the checkout builds it; an ordinary user may not write into it.
  spawnSync(process.execPath, [join(repository, 'bin/edgekeep.mjs'), '--version'])
  mkdirSync(join(home, '.mozilla/firefox/a.default'), { recursive: true })
  writeFileSync(
    join(home, '.mozilla/firefox/profiles.ini'),
    '[Profile0]\nName=a\nIsRelative=1\nPath=a.default\n',
  )
  if (!missingOf('java')) copyJdk()
  if (isRoot) spawnSync('chown', ['-R', 'nobody', root])
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  engine = asPerson(['up', '--json', '--no-ui', ...ports])
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  engine.stdout?.on('data', (bytes: Buffer) => bytes.includes('"ok":true') && resolve())
  let said = ''
  engine.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')))
  engine.once('close', () => reject(new Error(`The engine ended: ${said}`)))
  await promise
}, 120_000)
afterAll(async () => {
  engine.removeAllListeners('close')
  const ended = new Promise((resolve) => engine.once('close', resolve))
  engine.kill('SIGINT')
  await ended
  rmSync(root, { recursive: true, force: true, maxRetries: 5 })
})

/** A JDK that belongs to the person, as a version manager installs one. Its modules are the system's. */
function copyJdk(): void {
  const from = realpathSync(join(realpathSync('/usr/bin/java'), '../..'))
  mkdirSync(join(jdk, 'lib'), { recursive: true })
  cpSync(join(from, 'bin'), join(jdk, 'bin'), { recursive: true, dereference: true })
  cpSync(join(from, 'conf'), join(jdk, 'conf'), { recursive: true, dereference: true })
  for (const name of readdirSync(join(from, 'lib'))) {
    if (['modules', 'src.zip', 'ct.sym', 'jmods'].includes(name))
      symlinkSync(join(from, 'lib', name), join(jdk, 'lib', name))
    else cpSync(join(from, 'lib', name), join(jdk, 'lib', name), { recursive: true, dereference: true })
  }
  // Debian's is a link to the system's, which belongs to root.
  const cacerts = join(jdk, 'lib/security/cacerts')
  rmSync(cacerts, { force: true })
  copyFileSync(realpathSync(join(from, 'lib/security/cacerts')), cacerts)
  chmodSync(cacerts, 0o644)
}

/** Runs Edgekeep as an ordinary user with a HOME of their own. */
function asPerson(words: string[]): ChildProcess {
  const line = [join(repository, 'bin/edgekeep.mjs'), '--home', join(home, '.edgekeep'), ...words]
  const drop = isRoot
    ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', process.execPath]
    : [process.execPath]
  const [program = '', ...rest] = [...drop, ...line]
  const env = { PATH: systemPath, HOME: home, LANG: 'C.UTF-8' }
  return spawn(program, rest, { env, cwd: home, stdio: ['ignore', 'pipe', 'pipe'] })
}

interface Answer {
  status: number | null
  clients?: TrustClient[]
  outcomes?: TrustOutcome[]
}

async function trust(...words: string[]): Promise<Answer> {
  const child = asPerson(['trust', ...words, '--json'])
  let out = ''
  let err = ''
  child.stdout?.on('data', (bytes: Buffer) => (out += bytes.toString('utf8')))
  child.stderr?.on('data', (bytes: Buffer) => (err += bytes.toString('utf8')))
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (out === '') throw new Error(`edgekeep trust ${words.join(' ')} said nothing: ${err}`)
  return { status, ...(JSON.parse(out) as Omit<Answer, 'status'>) }
}

/** Verdict of each chosen client on the edge: name, trusted or not, reason. */
async function proven(): Promise<[name: string, ok: boolean, why: string][]> {
  const { clients: tried = [] } = await trust('prove', '--client', ...asked)
  return tried.map(({ name, proof }) => [name, proof?.ok ?? false, proof?.words ?? ''])
}

/** Every file of the stores that belong to the person, with the sum of its bytes. */
function stores(): Record<string, string> {
  const places = ['.pki', '.local', '.mozilla', '.sdkman/candidates/java/17/lib/security', '.edgekeep/trust']
  const files = places
    .map((each) => join(home, each))
    .filter(existsSync)
    .flatMap((place) => readdirSync(place, { recursive: true, withFileTypes: true }))
    .filter((each) => each.isFile() && !['index.json', 'proofs.json'].includes(each.name))
    .map((each) => join(each.parentPath, each.name))
  const sum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')
  return Object.fromEntries(files.toSorted().map((path) => [path.slice(home.length), sum(path)]))
}

describe('an ordinary user', () => {
  test('has every client refuse, then trust after an install, then refuse after an undo that leaves every store as it was', async () => {
    const refusing = await proven().catch(() => [])
    expect(refusing.filter(([, ok]) => ok)).toEqual([])
    const before = stores()

    const installed = await trust('install', '--yes', '--client', ...asked)
    const own = installed.outcomes?.filter(({ outcome }) => outcome !== 'skipped')
    expect(own?.filter(({ outcome }) => outcome !== 'done')).toEqual([])
    const trusting = await proven()
    expect(trusting.filter(([, ok]) => !ok)).toEqual([])
    expect(trusting.length).toBeGreaterThanOrEqual(here.length)

    const undone = await trust('undo', '--yes', '--client', ...asked)
    expect(undone.outcomes?.map(({ title, outcome }) => [title, outcome])).toEqual(
      undone.outcomes?.map(({ title }) => [title, 'exact']),
    )
    expect(stores()).toEqual(before)
    const again = await proven()
    expect(again.filter(([, ok]) => ok)).toEqual([])
  }, 900_000)
})

describe('the system’s certificates of Debian', () => {
  const missing = !isRoot
    ? 'only root can put other folders in their place for one process'
    : (missingOf('unshare') ??
      (existsSync('/usr/sbin/update-ca-certificates') ? undefined : 'this is no Debian'))
  if (missing) console.log(`Skipped: the system’s certificates of Debian, because ${missing}.`)

  test(
    'have the authority by the script that is shown, and are as they were after its undo',
    { ...unless(missing), timeout: 300_000 },
    async () => {
      const scripts = await Promise.all(
        (['install', 'undo'] as const).map(async (action) => {
          const { linuxSystemStore } = await import('../../src/engine/trust/stores/linux-system.ts')
          const { fingerprintOf } = await import('../../src/engine/trust/stores/roots.ts')
          const { oneScript } = await import('../../src/platform/commands/shell.ts')
          const exported = asPerson(['authority', 'export'])
          let pem = ''
          exported.stdout?.on('data', (bytes: Buffer) => (pem += bytes.toString('utf8')))
          await new Promise((resolve) => exported.once('close', resolve))
          const current = { pem, fingerprint: fingerprintOf(pem), title: 'local authority' }
          const hostEnvironment = {
            platform: 'linux' as const,
            home,
            env: { PATH: systemPath },
            folder: join(home, '.edgekeep/trust'),
          }
          const store = linuxSystemStore(hostEnvironment, 'debian')
          return oneScript([
            {
              title: store.title,
              commands: store.commands(action, { current, retired: [], ours: [current] }),
            },
          ])
        }),
      )
      for (const folder of ['certs', 'local']) mkdirSync(join(root, folder))
      cpSync('/etc/ssl/certs', join(root, 'certs'), { recursive: true, verbatimSymlinks: true })
      writeFileSync(join(root, 'install.sh'), scripts[0]!)
      writeFileSync(join(root, 'undo.sh'), scripts[1]!)
      const bundle = '/etc/ssl/certs/ca-certificates.crt'
      const line = [
        `mount --bind ${root}/certs /etc/ssl/certs`,
        `mount --bind ${root}/local /usr/local/share/ca-certificates`,
        `update-ca-certificates >/dev/null 2>&1; sha256sum < ${bundle}`,
        `sh ${root}/install.sh >/dev/null 2>&1 && sha256sum < ${bundle} && grep -c 'BEGIN' ${bundle}`,
        `sh ${root}/undo.sh >/dev/null 2>&1 && sha256sum < ${bundle} && grep -c 'BEGIN' ${bundle}`,
        'ls /usr/local/share/ca-certificates | wc -l',
      ].join(' && ')
      const ran = spawnSync('unshare', ['-m', 'sh', '-c', line], { encoding: 'utf8' })
      const [before, installed, more, after, fewer, left] = ran.stdout.trim().split('\n')
      expect(ran.stderr).toBe('')
      expect([after, left]).toEqual([before, '0'])
      expect(installed).not.toBe(before)
      expect(Number(more)).toBe(Number(fewer) + 1)
    },
  )
})
