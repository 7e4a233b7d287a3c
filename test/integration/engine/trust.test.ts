import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import type { TrustAction, TrustClient, TrustOutcome } from '../../../src/contract/trust/trust.ts'
import { findAtlas, storeViews, hostEnvironmentOf } from '../../../src/engine/trust/atlas.ts'
import { openTestEngine, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { absent, needs, unless } from '../../support/needs.ts'
import { deriveCheaply } from '../../support/vault/derive-cheaply.ts'
import { codeOf, setUpRecovery } from '../../support/vault/recovery.ts'

deriveCheaply()

const proofMs = 120_000
const missing =
  process.platform !== 'linux' ? 'the stores of this system are not known yet' : absent('certutil', 'openssl')

let opened: TestEngine
let client: Client
let home: string
const homeBefore = process.env.HOME
beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  await client.authority.rotate({ allow: ['example.com'] })
})
afterAll(() => opened.close())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'edgekeep-trust-'))
  process.env.HOME = home
})
afterEach(() => {
  process.env.HOME = homeBefore
  rmSync(join(opened.folder, 'trust'), { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
})

async function apply(action: TrustAction, clients: string[]): Promise<TrustOutcome[]> {
  const outcomes: TrustOutcome[] = []
  for await (const event of await client.trust.apply({ action, clients, elevation: 'leave' }))
    if (event.type === 'outcome') outcomes.push(event.outcome)
  return outcomes
}

async function prove(clients: string[]): Promise<TrustClient[]> {
  const tried: TrustClient[] = []
  for await (const event of await client.trust.prove({ clients }))
    if (event.type === 'proof') tried.push(event.client)
  return tried
}

/** Digests of all files below HOME. */
function bytesOfHome(): Record<string, string> {
  const paths = readdirSync(home, { recursive: true, withFileTypes: true })
  const files = paths.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name))
  return Object.fromEntries(
    files.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}

function newDatabase(folder: string): void {
  mkdirSync(folder, { recursive: true })
  spawnSync('certutil', ['-N', '--empty-password', '-d', `sql:${folder}`])
}

/** Adds another person's certificate to a database. */
function addForeign(folder: string): void {
  const foreign = spawnSync('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=foreign',
    ],
    ...['-keyout', '/dev/null'],
  ])
  spawnSync('certutil', ['-A', '-t', 'C,,', '-n', 'foreign', '-d', `sql:${folder}`], {
    input: foreign.stdout,
  })
}

/** First store of a kind, read without starting every JDK of this computer. */
const storeOf = async (kind: string) => {
  const { parts } = opened.engine.context
  const found = findAtlas(hostEnvironmentOf(parts)).stores.filter((store) => store.kind === kind)
  return (await storeViews(parts, found))[0]!
}

describe('the database that Chromium-based browsers share', () => {
  needs(missing)
  const inChromium = ['chromium']

  test(
    'is made for the authority, proven by Chromium itself, and gone after undo',
    async () => {
      const [before] = await prove(inChromium)
      expect(before!.proof).toMatchObject({ ok: false, sentence: 'It does not trust the local authority.' })
      // Chromium has made its own database meanwhile.
      const files = bytesOfHome()
      expect(await apply('install', inChromium)).toMatchObject([
        { outcome: 'done', sentence: 'It has the local authority.' },
      ])
      expect((await storeOf('nss')).state).toBe('trusted')
      const [proven] = await prove(inChromium)
      expect(proven, JSON.stringify(proven)).toMatchObject({
        state: 'trusted',
        proof: { ok: true, words: null },
      })
      expect(proven?.trust).toBe('proven')
      expect((await client.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'trust.install' })
      const row = async () => (await client.trust.status()).clients.find(({ id }) => id === proven?.id)
      // The root is taken out by hand, which the next reading sees, and put back: nobody tested it as it is now.
      const { location } = await storeOf('nss')
      const { fingerprintSha256 } = (await client.authority.get())!.root.facts
      // NSS keeps the integrity of its trust in the second file.
      const databases = ['cert9.db', 'key4.db'].map((name) => join(location, name))
      const bytes = databases.map((path) => readFileSync(path))
      const nickname = `Edgekeep ${fingerprintSha256.slice(0, 16)}`
      spawnSync('certutil', ['-D', '-n', nickname, '-d', `sql:${location}`])
      expect(await row()).toMatchObject({
        trust: 'missing',
        sentence: 'It does not have the local authority.',
      })
      databases.forEach((path, at) => writeFileSync(path, bytes[at]!))
      expect(await row()).toMatchObject({ state: 'trusted', trust: 'trusted' })
      expect((await row())!.sentence).toContain(
        'Its last test no longer counts: its store has changed since.',
      )
      expect(await apply('undo', inChromium)).toMatchObject([{ outcome: 'exact' }])
      expect(bytesOfHome()).toEqual(files)
      expect(await row()).toMatchObject({ trust: 'missing' })
      expect((await client.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'trust.undo' })
      expect((await storeOf('nss')).state).toBe('missing')
    },
    proofMs,
  )

  test('is as before, byte for byte, after undo', async () => {
    newDatabase(join(home, '.pki/nssdb'))
    const before = bytesOfHome()
    await apply('install', inChromium)
    expect(bytesOfHome()).not.toEqual(before)
    expect(await apply('undo', inChromium)).toMatchObject([{ outcome: 'exact' }])
    expect(bytesOfHome()).toEqual(before)
  })

  test('keeps later entries of others, and loses ours', async () => {
    const folder = join(home, '.local/share/pki/nssdb')
    newDatabase(folder)
    await apply('install', inChromium)
    expect((await storeOf('nss')).location).toBe(folder)
    const { root } = (await client.authority.get())!
    addForeign(folder)
    expect(await apply('undo', inChromium)).toMatchObject([{ outcome: 'done' }])
    const listed = spawnSync('certutil', ['-L', '-d', `sql:${folder}`], { encoding: 'utf8' }).stdout
    expect(listed).toContain('foreign')
    expect(listed).not.toContain(root.facts.fingerprintSha256.slice(0, 16))
  })

  test('says stale after a rotation, and installing again brings the new root', async () => {
    await apply('install', inChromium)
    await client.authority.rotate({})
    expect((await storeOf('nss')).state).toBe('stale')
    expect(await apply('install', inChromium)).toMatchObject([{ outcome: 'done' }])
    expect((await storeOf('nss')).state).toBe('trusted')
    expect(await apply('undo', inChromium)).toMatchObject([{ outcome: 'exact' }])
    expect(bytesOfHome()).toEqual({})
  })

  test('keeps the root of before a restore, which is known as an earlier one and can be undone', async () => {
    const shared = { opened, client }
    opened = await openTestEngine()
    try {
      client = opened.client
      const { recoveryKey } = await setUpRecovery(opened)
      const passphrase = 'of a vault without authority'
      const file = await client.vault.backUp({ passphrase, proof: await codeOf(opened) })
      await client.authority.rotate({ allow: ['example.com'] })
      await apply('install', inChromium)
      await client.vault.restore({ file, passphrase, recoveryKey, proof: await codeOf(opened) })
      opened = await opened.reopen()
      client = opened.client
      expect(await client.authority.get()).toBeNull()
      expect(await storeOf('nss')).toMatchObject({ state: 'missing', undoable: true })
      expect((await client.trust.plan({ action: 'undo' })).steps).toHaveLength(1)
      await client.authority.rotate({ allow: ['example.com'] })
      expect((await storeOf('nss')).state).toBe('stale')
      // Another person's certificate is added in between, so the undo has to tell ours from it.
      const { location } = await storeOf('nss')
      addForeign(location)
      expect(await apply('undo', inChromium)).toMatchObject([{ outcome: 'done' }])
      const listed = spawnSync('certutil', ['-L', '-d', `sql:${location}`], { encoding: 'utf8' }).stdout
      expect(listed).toContain('foreign')
      expect(listed).not.toContain('Edgekeep')
      expect((await client.trust.plan({ action: 'undo' })).steps).toEqual([])
    } finally {
      await opened.close()
      opened = shared.opened
      client = shared.client
    }
  })

  test('says distrusted where somebody took the trust away, and stays so until it is asked for by name', async () => {
    await apply('install', inChromium)
    const { current } = { current: (await client.authority.get())!.root.facts.fingerprintSha256.slice(0, 16) }
    const location = (await storeOf('nss')).location
    spawnSync('certutil', ['-M', '-t', 'p,,', '-n', `Edgekeep ${current}`, '-d', `sql:${location}`])
    expect((await storeOf('nss')).state).toBe('distrusted')
    const { steps } = await client.trust.plan({ action: 'install' })
    expect(steps.map(({ store }) => store)).not.toContain((await storeOf('nss')).id)
    expect(await apply('install', inChromium)).toMatchObject([{ outcome: 'done' }])
  })

  test('is left as it is, with a sentence, if it is damaged', async () => {
    const folder = join(home, '.pki/nssdb')
    newDatabase(folder)
    writeFileSync(
      join(folder, 'cert9.db'),
      'this is no database at all, and it is long enough to be read as one',
    )
    const before = bytesOfHome()
    expect(await storeOf('nss')).toMatchObject({ state: 'unreadable' })
    expect(await apply('install', inChromium)).toMatchObject([
      { outcome: 'failed', sentence: expect.stringContaining('Nothing was changed') },
    ])
    expect(bytesOfHome()).toEqual(before)
  })

  test('behind a link is changed where it is, and the link stays', async () => {
    newDatabase(join(home, 'dotfiles/nssdb'))
    mkdirSync(join(home, '.pki'))
    symlinkSync(join(home, 'dotfiles/nssdb'), join(home, '.pki/nssdb'))
    const before = bytesOfHome()
    await apply('install', inChromium)
    expect((await storeOf('nss')).location).toBe(join(home, 'dotfiles/nssdb'))
    await apply('undo', inChromium)
    expect(bytesOfHome()).toEqual(before)
  })

  test('is left as it is, with a sentence, if it is immutable', async ({ skip }) => {
    const folder = join(home, '.pki/nssdb')
    newDatabase(folder)
    const path = join(folder, 'cert9.db')
    if (spawnSync('chattr', ['+i', path]).status !== 0) skip('chattr +i does not work here.')
    try {
      const before = bytesOfHome()
      const [outcome] = await apply('install', inChromium)
      expect(outcome).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining('immutable') })
      expect(bytesOfHome()).toEqual(before)
    } finally {
      spawnSync('chattr', ['-i', path])
    }
  })

  test('shows the command that installs certutil if that is missing', async () => {
    const path = process.env.PATH
    const folder = mkdtempSync(join(tmpdir(), 'edgekeep-path-'))
    symlinkSync(
      spawnSync('which', ['chromium'], { encoding: 'utf8' }).stdout.trim(),
      join(folder, 'chromium'),
    )
    process.env.PATH = folder
    try {
      const { obstacle } = await storeOf('nss')
      expect(obstacle?.sentence).toContain('is not installed')
      expect(await apply('install', inChromium)).toMatchObject([{ outcome: 'failed' }])
      expect(bytesOfHome()).toEqual({})
    } finally {
      process.env.PATH = path
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a profile of Firefox', () => {
  needs(missing)

  test('is left as it is, with a sentence, while it is open', async () => {
    const root = join(home, '.config/mozilla/firefox')
    newDatabase(join(root, 'abc.default'))
    writeFileSync(join(root, 'profiles.ini'), '[Profile0]\nName=default\nIsRelative=1\nPath=abc.default\n')
    const held = spawnHolder(join(root, 'abc.default/cert9.db'))
    try {
      await held.ready
      const before = bytesOfHome()
      const [outcome] = await apply('install', ['firefox'])
      expect(outcome).toMatchObject({
        outcome: 'failed',
        sentence: expect.stringContaining('Close it first'),
      })
      expect(bytesOfHome()).toEqual(before)
    } finally {
      held.end()
    }
    expect(await apply('install', ['firefox'])).toMatchObject([{ outcome: 'done' }])
    expect((await storeOf('firefox')).state).toBe('trusted')
    await apply('undo', ['firefox'])
  })
})

test('a store that cannot be changed does not keep the others from it', async ({ skip }) => {
  if (missing) skip(missing)
  newDatabase(join(home, '.pki/nssdb'))
  const root = join(home, '.mozilla/firefox')
  newDatabase(join(root, 'a.default'))
  writeFileSync(join(root, 'profiles.ini'), '[Profile0]\nName=a\nIsRelative=1\nPath=a.default\n')
  writeFileSync(join(root, 'a.default/cert9.db'), 'this is no database at all')
  const before = bytesOfHome()
  const outcomes = await apply('install', ['chromium', 'firefox'])
  expect(outcomes.map(({ store, outcome }) => [store.split(':')[0], outcome])).toEqual([
    ['firefox', 'failed'],
    ['nss', 'done'],
  ])
  expect(await apply('undo', ['chromium'])).toMatchObject([{ outcome: 'exact' }])
  expect(bytesOfHome()).toEqual(before)
})

describe('the bundle for programs that read variables', () => {
  // Rustup's cargo finds its own below a HOME, which is another one here.
  const { RUSTUP_HOME } = process.env
  beforeAll(() => {
    process.env.RUSTUP_HOME ??= join(homeBefore ?? '', '.rustup')
  })
  afterAll(() => {
    if (RUSTUP_HOME === undefined) delete process.env.RUSTUP_HOME
  })
  const developers = ['go', 'cargo'].filter((program) => spawnSync('which', [program]).status === 0)
  for (const name of ['go', 'cargo'])
    if (!developers.includes(name)) console.log(`Left out: ${name}, which is not installed here.`)

  test(
    `has what was trusted before and the authority, and ${['curl', 'OpenSSL', ...developers].join(', ')} prove it`,
    async () => {
      const { bundle: written } = await client.trust.env()
      expect(readFileSync(written, 'utf8')).toContain((await client.authority.get())?.root.pem)
      expect(await apply('undo', ['curl'])).toMatchObject([{ store: 'bundle', outcome: 'exact' }])
      const obstacle = join(opened.folder, 'trust/wgetrc')
      mkdirSync(obstacle, { recursive: true })
      await expect(client.trust.env()).rejects.toMatchObject({ code: 'trust.no_bundle' })
      rmSync(obstacle, { recursive: true })
      writeFileSync(join(home, '.wgetrc'), 'tries = 3')
      const clients = ['curl', 'openssl', ...developers]
      const refused = clients.map(() => [false, 'It does not trust the local authority.'])
      const saidBy = (tried: TrustClient[]) => tried.map(({ proof }) => [proof?.ok, proof?.sentence])
      const before = await prove(clients)
      expect(saidBy(before), JSON.stringify(before)).toEqual(refused)
      const outcomes = await apply('install', clients)
      expect(outcomes.map(({ store, outcome }) => [store, outcome])).toContainEqual(['bundle', 'done'])
      const tried = await prove(clients)
      expect(
        tried.map(({ proof }) => proof),
        JSON.stringify(tried),
      ).toMatchObject(clients.map(() => ({ ok: true, words: null, byVariables: true })))
      // The clients as a person starts them do not trust it, and no row says that they do.
      expect(tried.map(({ trust }) => trust)).toEqual(clients.map(() => 'variables'))
      // A client that accepts anything proves nothing.
      writeFileSync(join(home, '.curlrc'), 'insecure\n')
      const [careless] = await prove(['curl'])
      expect(careless?.proof?.sentence).toMatch(/^It accepts any certificate/)
      expect(careless?.proof).toMatchObject({ ok: false, words: null, through: null })
      rmSync(join(home, '.curlrc'))
      const { bundle, variables } = await client.trust.env()
      expect(readFileSync(bundle, 'utf8').split('BEGIN CERTIFICATE').length).toBeGreaterThan(50)
      const wgetrc = variables.find(({ name }) => name === 'WGETRC')!.value
      expect(readFileSync(wgetrc, 'utf8')).toBe(`tries = 3\nca_certificate = ${bundle}\n`)
      await apply('undo', clients)
      expect(existsSync(bundle)).toBe(false)
      expect(saidBy(await prove(clients))).toEqual(refused)
    },
    proofMs,
  )
})

test('a client that is not here is told with those that are', async () => {
  await expect(client.trust.plan({ action: 'install', clients: ['netscape'] })).rejects.toMatchObject({
    code: 'trust.no_client',
  })
})

describe('Python’s requests', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-path-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const where =
    'import os, certifi, requests, sys; print(os.path.realpath(sys.executable)); print(certifi.where())'
  const said = spawnSync('python3', ['-c', where], { encoding: 'utf8' }).stdout ?? ''
  const [python = '', certifi = ''] = said.trim().split('\n')
  needs(missing ?? absent('python3') ?? (python === '' ? 'no Python with requests is here' : undefined))

  test(
    'refuses with certifi’s roots, and is proven through the bundle, which leaves certifi as it is',
    async () => {
      const path = process.env.PATH
      if (python !== '') symlinkSync(python, join(folder, 'python3'))
      process.env.PATH = folder
      try {
        const asked = ['python’s requests']
        const rootsBefore = readFileSync(certifi)
        const [before] = await prove(asked)
        expect(before, JSON.stringify(before)).toMatchObject({
          name: 'Python’s requests',
          proof: { ok: false, sentence: 'It does not trust the local authority.' },
        })
        expect(await apply('install', asked)).toContainEqual(
          expect.objectContaining({ store: 'bundle', outcome: 'done' }),
        )
        const [after] = await prove(asked)
        expect(after, JSON.stringify(after)).toMatchObject({ proof: { ok: true, words: null } })
        expect(readFileSync(certifi)).toEqual(rootsBefore)
        expect(await apply('undo', asked)).toContainEqual(
          expect.objectContaining({ store: 'bundle', outcome: 'exact' }),
        )
        expect((await prove(asked))[0]?.proof?.ok).toBe(false)
      } finally {
        process.env.PATH = path
      }
    },
    proofMs,
  )
})

test(
  'files in the engine’s working folder do not affect a proof, and are not run',
  { ...unless(absent('git')), timeout: proofMs },
  async () => {
    const before = process.cwd()
    // The engine's home may be inside another person's project.
    const project = opened.folder
    const ran = join(home, 'ran')
    const script = `#!/bin/sh\necho "$0" >> ${ran}\nexit 1\n`
    mkdirSync(join(project, 'evil/bin'), { recursive: true })
    for (const program of ['cargo', 'rustc', 'remote'])
      writeFileSync(join(project, 'evil/bin', program), script, { mode: 0o755 })
    writeFileSync(join(project, 'ssl.py'), `open(${JSON.stringify(ran)}, 'a').write('ssl.py')\n`)
    writeFileSync(join(project, 'rust-toolchain.toml'), `[toolchain]\npath = "${project}/evil"\n`)
    spawnSync('git', ['init', '-q', project])
    const settings = [
      ['protocol.ext.allow', 'always'],
      [`url.ext::${project}/evil/bin/remote .insteadOf`, 'https://'],
    ]
    for (const words of settings) spawnSync('git', ['-C', project, 'config', ...words])
    process.chdir(project)
    try {
      const proven = await prove(['git', 'python', 'cargo'])
      expect(proven.length).toBeGreaterThan(0)
      expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '').toBe('')
    } finally {
      process.chdir(before)
    }
  },
)

test('containers, asked for by name, are told where they are set up, and nothing is changed', async () => {
  const path = process.env.PATH
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-path-'))
  writeFileSync(join(folder, 'podman'), '#!/bin/sh\n', { mode: 0o755 })
  process.env.PATH = folder
  try {
    const sentence = expect.stringContaining('edgekeep trust env --format docker') as unknown
    const { steps, elevatedScript } = await client.trust.plan({ action: 'install', clients: ['containers'] })
    expect(steps).toMatchObject([{ store: 'containers', commands: null, obstacle: { sentence } }])
    expect(elevatedScript).toBeNull()
    expect(await apply('install', ['containers'])).toMatchObject([{ outcome: 'failed', sentence }])
    expect((await client.trust.plan({ action: 'undo', clients: ['containers'] })).steps).toEqual([])
    const all = await client.trust.plan({ action: 'install' })
    expect(all.steps.map(({ store }) => store)).not.toContain('containers')
  } finally {
    process.env.PATH = path
    rmSync(folder, { recursive: true })
  }
})

test('a probe leaves no domain behind, and nothing served after it', async () => {
  await prove(['openssl'])
  expect((await client.domains.list()).map(({ name }) => name)).toEqual([])
  expect(opened.engine.context.parts.temporaryNames.rows()).toEqual([])
  expect(await client.localCertificates.issued()).toEqual({ issued: [], next: null })
})

/** Starts a program that keeps a file open, as a browser does. */
function spawnHolder(path: string) {
  const child = spawn('sh', ['-c', 'exec 3<>"$0"; echo ready; read line', path], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
  return { ready, end: () => child.stdin.end('\n') }
}
