import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { Resolver } from 'node:dns/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { firefoxHstsEntries } from '../../../src/engine/names/browser-hsts.ts'
import { openSiteBrowser, type SiteBrowser } from '../../../src/engine/names/site-browser.ts'
import { moveEdge, portsBefore } from '../../../src/engine/names/ports-change.ts'
import { reopenDns, portForDns } from '../../../src/engine/names/dns.ts'
import { dnsPort } from '../../../src/engine/core/settings.ts'
import { siteOf } from '../../../src/engine/names/site.ts'
import { run } from '../../../src/platform/commands/host-environment.ts'
import { hostEnvironmentOf } from '../../../src/engine/trust/atlas.ts'
import { absent, needs } from '../../support/needs.ts'
import { freePort } from '../../support/free-port.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { waits } from '../../support/waits.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'

let opened: TestEngine
let client: Client
let origin: TestOrigin
let folder: string
/** Requests at the origin: protocol and host as the edge forwards them. */
const asked: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edgekeep-names-'))
  origin = await startOrigin((request, response) => {
    asked.push(`${request.headers['x-forwarded-proto'] as string} ${request.headers.host} ${request.url}`)
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><title>The shop</title>')
  })
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  for (const name of ['shop.test', '*.wild.test', 'app.dev', 'nas.local', 'own.localhost'])
    await client.domains.add({ name, origin: originAt(origin.port) })
  for (const domain of ['shop.test', '*.wild.test'])
    await client.https.enable({ domain, source: { type: 'free' } })
})
afterAll(async () => {
  await opened.close()
  await origin.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the status of a name', () => {
  test('is the answer of the system’s own resolver, with the next step', async () => {
    const { names, hosts } = await client.names.status({ domains: ['shop.test', 'own.localhost'] })
    expect(hosts.path).toMatch(/hosts$/)
    expect(names[0]).toMatchObject({ host: 'shop.test', leads: 'nowhere', addresses: [] })
    expect(names[0]!.install === null ? names[0]!.fix : `edgekeep names install ${names[0]!.install}`).toBe(
      names[0]!.fix,
    )
    expect(names[0]!.install).toBe(hosts.obstacle ? null : 'shop.test')
    // A system with nss-myhostname or systemd-resolved knows it, others leave it to browsers.
    expect(['browsers', 'here', 'other']).toContain(names[1]!.leads)
  })

  test('shows what is special about a suffix, and that a hosts file has no wildcards', async () => {
    const { names } = await client.names.status({})
    const notes = (host: string) => names.find((each) => each.host === host)?.notes.join(' ') ?? ''
    expect(notes('app.dev')).toContain('HSTS list')
    expect(notes('nas.local')).toContain('mDNS')
    expect(notes('www.wild.test')).toContain('no wildcards')
    expect(notes('shop.test')).not.toContain('HSTS')
  })

  test('is given for served names only', async () => {
    await expect(client.names.status({ domains: ['example.com'] })).rejects.toMatchObject({
      code: 'names.not_served',
    })
    const { names } = await client.names.status({ domains: ['a.wild.test'] })
    expect(names).toMatchObject([{ domain: '*.wild.test', host: 'a.wild.test' }])
  })
})

describe('a plan for names', () => {
  test('shows the whole script, and changes nothing without a person to confirm', async () => {
    const before = readFileSync('/etc/hosts')
    const selection = { action: 'install' as const, parts: ['names' as const], domains: ['shop.test'] }
    const plan = await client.setup.plan(selection)
    expect(plan.steps).toMatchObject([{ store: 'hosts', elevated: true }])
    if (!plan.steps[0]!.obstacle) expect(plan.elevatedScript).toContain('127.0.0.1 shop.test')
    const outcomes: unknown[] = []
    for await (const event of await client.setup.apply({ ...selection, plan: plan.id, elevation: 'leave' }))
      if (event.type === 'outcome') outcomes.push(event.outcome.outcome)
    expect(outcomes).toHaveLength(1)
    expect(['skipped', 'failed']).toContain(outcomes[0])
    expect(readFileSync('/etc/hosts')).toEqual(before)
  })

  test('leaves names below localhost to browsers, unless they are asked for', async () => {
    const of = async (domains?: string[]) =>
      (await client.setup.plan({ action: 'install', parts: ['names'], domains })).steps[0]?.change ?? ''
    expect(await of()).not.toContain('own.localhost')
    expect(await of(['own.localhost'])).toContain('own.localhost')
  })
})

describe('a suffix that points here as a whole', () => {
  const planned = (suffixes: string[], action: 'install' | 'undo' = 'install') =>
    client.setup.plan({ action, parts: ['names'], suffixes })

  test('is planned apart from single names, and only where the system can be told', async () => {
    const { steps } = await planned(['test'])
    const { suffixes } = await client.names.status({})
    const stores = steps.map(({ store }) => store)
    expect(stores).toEqual(suffixes.obstacle ? ['suffixes'] : ['dns', 'suffixes'])
    expect(steps.at(-1)).toMatchObject({ elevated: true, obstacle: suffixes.obstacle })
    expect(steps.at(-1)?.change).toContain('every name below .test')
    expect((await planned(['test'], 'undo')).steps).toEqual([])
  })

  test.each([
    ['com', 'top-level domain'],
    ['github.io', 'public suffix'],
    ['localhost', 'browsers resolve names below localhost'],
    ['app.localhost', 'browsers resolve names below localhost'],
    ['local', 'mDNS'],
  ])('is never .%s', async (suffix, reason) => {
    await expect(planned([suffix])).rejects.toMatchObject({
      code: 'names.suffix_refused',
      message: expect.stringContaining(reason),
    })
  })

  test('has answers for the names that are served at that moment, over UDP and TCP, and after the next start', async () => {
    const { parts } = opened.engine.context
    const port = await portForDns(parts)
    dnsPort.store(parts.vault, port)
    await reopenDns(parts)
    const resolver = new Resolver()
    resolver.setServers([`127.0.0.1:${port}`])
    expect(await resolver.resolve4('shop.test')).toEqual(['127.0.0.1'])
    expect(await resolver.resolve6('a.wild.test')).toEqual(['::1'])
    for (const name of ['b.a.wild.test', 'wild.test', 'new.test', 'example.com', '*.wild.test'])
      await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'EREFUSED' })
    await client.domains.add({ name: 'new.test', origin: originAt(9) })
    expect(await resolver.resolve4('new.test')).toEqual(['127.0.0.1'])
    await client.domains.remove({ domain: 'new.test' })
    await expect(resolver.resolve4('new.test')).rejects.toMatchObject({ code: 'EREFUSED' })
    await parts.dns.close()
    await expect(resolver.resolve4('shop.test')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    dnsPort.store(parts.vault, null)
  })

  test('has its responder on another port where somebody has the usual one, and the start goes on where its own is taken', async () => {
    const { parts } = opened.engine.context
    const taken = createServer().listen(15_353, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve).once('error', resolve))
    expect(await portForDns(parts)).not.toBe(15_353)
    dnsPort.store(parts.vault, 15_353)
    await reopenDns(parts)
    expect(parts.dns.port).toBeNull()
    dnsPort.store(parts.vault, null)
    taken.close()
  })
})

describe('the proxy for browsers', () => {
  test('is closed until it is asked for, opens on the port that was given, and is closed again', async () => {
    expect(await client.names.proxy()).toMatchObject({ kept: null })
    const port = await freePort()
    const view = await client.names.setProxy({ port })
    expect(view).toMatchObject({ port, kept: port, pacUrl: `http://127.0.0.1:${port}/proxy.pac` })
    expect((await client.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'names.proxy' })
    const pac = await (await fetch(view.pacUrl!)).text()
    expect(pac).toContain('"shop.test":1')
    expect(Buffer.from(view.pacDataUrl!.split('base64,')[1]!, 'base64').toString()).toBe(pac)
    expect(readFileSync(fileURLToPath(view.pacFileUrl!), 'utf8')).toBe(pac)
    const proxied = (url: string) =>
      run('curl', ['-sS', '-k', '--max-time', '20', '--proxytunnel', '-x', `http://127.0.0.1:${port}`, url])
    expect((await proxied('https://shop.test/by-proxy')).stdout).toContain('The shop')
    expect((await proxied('https://a.wild.test/')).stdout).toContain('The shop')
    expect(asked).toContain('https shop.test /by-proxy')
    for (const url of [
      'https://example.com/',
      'https://b.a.wild.test/',
      'https://shop.test:22/',
      'http://127.0.0.1/',
    ])
      expect((await proxied(url)).stderr).toMatch(/403|400/)
    const { http } = await client.engine.status().then(({ edge }) => edge)
    const plain = await run('curl', [
      '-sS',
      '--max-time',
      '20',
      '-x',
      `http://127.0.0.1:${http!.port}`,
      'http://shop.test/plain',
    ])
    expect(plain.stdout).toContain('The shop')
    const closed = { port: null, kept: null, pacUrl: null, pacFileUrl: null, pacDataUrl: null }
    expect(await client.names.setProxy({ port: null })).toEqual(closed)
    expect(existsSync(fileURLToPath(view.pacFileUrl!))).toBe(false)
    await expect(fetch(view.pacUrl!)).rejects.toThrow('fetch failed')
  })

  test('has a file that this user alone can read, and that follows the domains and the edge’s port', async () => {
    const { pacFileUrl } = await client.names.setProxy({ port: await freePort() })
    const path = fileURLToPath(pacFileUrl!)
    const text = () => readFileSync(path, 'utf8')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await client.domains.add({ name: 'later.test', origin: originAt(9) })
    await vi.waitFor(() => expect(text()).toContain('"later.test":1'), waits)
    await client.domains.remove({ domain: 'later.test' })
    await vi.waitFor(() => expect(text()).not.toContain('later.test'), waits)
    // A link at that path is replaced, and its target stays.
    const elsewhere = join(opened.folder, 'elsewhere')
    writeFileSync(elsewhere, 'kept')
    rmSync(path)
    symlinkSync(elsewhere, path)
    opened.engine.context.parts.pacFile!.write()
    expect({ isLink: lstatSync(path).isSymbolicLink(), elsewhere: readFileSync(elsewhere, 'utf8') }).toEqual({
      isLink: false,
      elsewhere: 'kept',
    })
    await client.names.setProxy({ port: null })
  })

  test('reports that its port is taken', async () => {
    const { port } = origin
    await expect(client.names.setProxy({ port })).rejects.toMatchObject({ code: 'edge.port_taken' })
  })
})

describe('the edge’s ports', () => {
  const ask = (port: number) =>
    run('curl', [
      '-sS',
      '-k',
      '--max-time',
      '20',
      '--resolve',
      `shop.test:${port}:127.0.0.1`,
      `https://shop.test:${port}/`,
    ])

  test('move at once and for every start, with what is known of them, and back', async () => {
    const { parts } = opened.engine.context
    const before = await client.engine.status()
    const from = { httpsPort: before.edge.https!.port, httpPort: before.edge.http!.port }
    const to = { httpsPort: await freePort(), httpPort: await freePort() }
    await client.domains.check({ domain: 'shop.test' })
    const published: boolean[] = []
    parts.topics.domains.follow((event) => {
      const items = event.type === 'changed' ? event.items : []
      published.push(...items.flatMap(({ lastCheck }) => lastCheck?.portsChanged ?? []))
    })
    await moveEdge(parts, to, from)
    expect((await ask(to.httpsPort)).stdout).toContain('The shop')
    expect((await ask(from.httpsPort)).status).not.toBe(0)
    const after = await client.engine.status()
    expect(after.edge).toMatchObject({
      state: 'running',
      https: { port: to.httpsPort, wantedPort: to.httpsPort },
    })
    expect(after.edgeStart).toMatchObject({ kept: to, started: to })
    expect(portsBefore(parts)).toEqual(from)
    expect((await client.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'ports.move' })
    await expect.poll(() => published.at(-1)).toBe(true)
    await moveEdge(parts, from, null)
    await expect.poll(() => published.at(-1)).toBe(false)
    expect((await ask(from.httpsPort)).stdout).toContain('The shop')
    expect(portsBefore(parts)).toBe(null)
    expect((await client.engine.status()).edge).toMatchObject({ restarts: 0, faults: 0 })
  })

  test('stay where they are where another program has the port', async () => {
    const { parts } = opened.engine.context
    const { edge } = await client.engine.status()
    const { port } = origin
    const from = { httpsPort: edge.https!.port, httpPort: edge.http!.port }
    await expect(
      moveEdge(parts, { httpsPort: port, httpPort: await freePort() }, from),
    ).rejects.toMatchObject({
      code: 'edge.port_taken',
    })
    expect((await client.engine.status()).edge.https).toEqual(edge.https)
    expect((await ask(edge.https!.port)).stdout).toContain('The shop')
  })

  test('move back to the next free port where another program has theirs meanwhile, and say so', async () => {
    const { parts } = opened.engine.context
    const { edge } = await client.engine.status()
    const { port: taken } = origin
    const httpPort = edge.http!.port
    await moveEdge(parts, { httpsPort: taken, httpPort }, null)
    const after = await client.engine.status()
    expect(after.edge.https).toMatchObject({ wantedPort: taken, isTaken: true })
    expect(after.edge.https!.port).toBeGreaterThan(taken)
    expect(after.edgeStart.kept).toMatchObject({ httpsPort: taken, httpPort })
    expect((await ask(after.edge.https!.port)).stdout).toContain('The shop')
    await moveEdge(parts, { httpsPort: edge.https!.port, httpPort }, null)
  })

  test('are listed with their state', async () => {
    const { ports } = await client.ports.status()
    expect(ports.map(({ protocol, port }) => [protocol, port])).toEqual([
      ['https', 443],
      ['http', 80],
    ])
    for (const { state } of ports) expect(['free', 'taken', 'forbidden']).toContain(state)
  })
})

describe('a browser with a profile of its own', () => {
  needs(absent('certutil', 'chromium', 'firefox-esr'))

  /** Opens the site, waits for its HTTPS request at the origin, and returns the result of `look`. */
  async function visit<T>(
    name: string,
    options: { kind: 'chromium' | 'firefox'; words: string[] },
    look: (profile: string) => Promise<T>,
  ): Promise<{ browser: SiteBrowser; found: T }> {
    const { parts } = opened.engine.context
    const hostEnvironment = { ...hostEnvironmentOf(parts), folder }
    const browser = await openSiteBrowser(await siteOf(parts, name), { hostEnvironment, ...options })
    try {
      await expect.poll(() => asked, { timeout: 60_000 }).toContain(`https ${name} /`)
      const [own = ''] = readdirSync(join(folder, 'browsers'))
      return { browser, found: await look(join(folder, 'browsers', own, 'profile')) }
    } finally {
      browser.close()
      await browser.closed
    }
  }

  test('is a Chromium that shows the site without a number or a warning, and leaves nothing', async () => {
    const words = ['--headless=new', '--disable-gpu', '--remote-debugging-port=0', '--no-sandbox']
    const { browser, found } = await visit('shop.test', { kind: 'chromium', words }, async (profile) => {
      const active = join(profile, 'DevToolsActivePort')
      await expect.poll(() => existsSync(active), { timeout: 30_000 }).toBe(true)
      const port = readFileSync(active, 'utf8').split('\n')[0]
      const pages = async () =>
        (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
          url: string
          title: string
        }[]
      await expect.poll(async () => (await pages())[0]?.title, { timeout: 30_000 }).toBe('The shop')
      return (await pages())[0]?.url
    })
    expect([browser.address, found]).toEqual(['https://shop.test/', 'https://shop.test/'])
    await expect.poll(() => readdirSync(join(folder, 'browsers'))).toEqual([])
  })

  test('is a Firefox that goes through the proxy to a name below a wildcard, and holds what the site says of HSTS', async () => {
    const hsts = { days: 1, includeSubDomains: true, preload: false }
    await client.domains.setPolicies({ domains: ['*.wild.test'], policies: { hsts } })
    const { found } = await visit(
      'www.wild.test',
      { kind: 'firefox', words: ['--headless'] },
      async (profile) => {
        await expect
          .poll(() => existsSync(join(profile, 'SiteSecurityServiceState.bin')), { timeout: 60_000 })
          .toBe(true)
        await expect
          .poll(() => firefoxHstsEntries(profile, 'www.wild.test'), { timeout: 60_000 })
          .toHaveLength(1)
        return [
          ...firefoxHstsEntries(profile, 'www.wild.test'),
          ...firefoxHstsEntries(profile, 'a.www.wild.test'),
          ...firefoxHstsEntries(profile, 'wild.test'),
        ]
      },
    )
    expect(found.map(({ name }) => name)).toEqual(['www.wild.test', 'www.wild.test'])
    const days = (found[0]!.until.getTime() - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(0.9)
    expect(days).toBeLessThanOrEqual(1)
    await expect.poll(() => readdirSync(join(folder, 'browsers'))).toEqual([])
  })
})

test('a browser with a profile of its own is refused in a sentence where there is none', async () => {
  const before = process.env.PATH
  process.env.PATH = ''
  try {
    await expect(client.names.openSite({ name: 'shop.test' })).rejects.toMatchObject({
      code: 'names.no_browser',
    })
  } finally {
    process.env.PATH = before
  }
})
