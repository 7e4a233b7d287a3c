import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { followPublication } from '../../../../src/client/follow-publication.ts'
import type { ServerReport, TargetServer } from '../../../../src/contract/targets/targets.ts'
import { openHost } from '../../../../src/engine/publish/fleet.ts'
import type { Host } from '../../../../src/engine/publish/hosts/host.ts'
import { HostFault } from '../../../../src/engine/publish/hosts/host.ts'
import { publishToServer } from '../../../../src/engine/publish/publish-to-server.ts'
import { setupOf } from '../../../../src/engine/publish/site/server-setup.ts'
import { siteOf } from '../../../../src/engine/publish/site/site.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { commandLineOf, openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { casesOf } from '../../../support/long-form.ts'
import { absent, unless } from '../../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { filesWith, foundInText, needlesOf } from '../../../support/pki/needles.ts'
import { networkNamespace, noNamespaces } from '../../../support/publish/network-namespace.ts'
import {
  programOf,
  type RealKind,
  realServer,
  type RealServer,
} from '../../../support/publish/real-servers.ts'
import { startSshd } from '../../../support/publish/sshd.ts'
import { visit } from '../../../support/publish/visitors.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { waits } from '../../../support/waits.ts'

const kinds: RealKind[] = ['nginx', 'haproxy', 'caddy', 'apache']
const places = casesOf(
  kinds.flatMap((kind) => [
    { kind, by: 'of this computer' },
    { kind, by: 'by SSH' },
    { kind, by: 'by SSH in a network namespace' },
  ]),
  ({ kind, by }) => kind === 'nginx' && by === 'of this computer',
)
/** Caddy resets one connection in a thousand at any reload, also where nothing of ours is in it (decision 27). */
const isOwnReset = (kind: RealKind, failure: string) =>
  kind === 'caddy' && failure.startsWith('ECONNRESET after no handshake')
const stranger = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })

let opened: TestEngine
let origin: TestOrigin
let server: RealServer
beforeEach(async () => {
  opened = await openTestEngine()
})
afterEach(async () => {
  await server.stop()
  await origin.close()
  await opened.close()
})

async function addShop(): Promise<void> {
  const { client } = opened
  const domain = 'shop.test'
  await client.domains.add({ name: domain, origin: originAt(origin.port, origin.host) })
  await client.https.enable({ domain, source: { type: 'free' } })
  await client.domains.setRedirect({ domain, redirect: { mode: 'https', code: 308 } })
  await client.domains.setPolicies({ domains: [domain], policies: { hsts: { days: 1 } } })
}

/** Runs the server as a target. */
async function start(): Promise<void> {
  await addShop()
  await commandLineOf(opened).targets.add({ name: 'web', ...server.settings })
  await server.start()
}

async function published(
  domains: string[],
  more: { dryRun?: boolean; withdraw?: string[] } = {},
): Promise<ServerReport> {
  const [report] = await followPublication(
    await opened.client.targets.publish({ target: 'web', domains, ...more }),
  )
  if (!report) throw new Error('No server was published to.')
  return report
}

const failures = ({ steps }: ServerReport) => steps.filter(({ ok }) => !ok).map(({ step }) => step)
const drift = async () => (await opened.client.targets.check({ target: 'web' })).flatMap((each) => each.drift)

/** Contents of what the person wrote and of the release in use. */
function files(): Map<string, string> {
  const { folder } = server
  const names = readdirSync(join(folder, 'edgekeep', 'current'), { recursive: true, encoding: 'utf8' })
  const paths = [
    server.settings.config ?? '',
    ...names.map((name) => join(folder, 'edgekeep', 'current', name)),
  ]
  return new Map(
    paths.filter((path) => !path.endsWith('certs')).map((path) => [path, readFileSync(path, 'utf8')]),
  )
}

function keysAtServer(): string[] {
  const folder = join(server.folder, 'edgekeep', 'keys')
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
}

describe.each(places)('a $kind $by', ({ kind, by }) => {
  const ssh = ['sshd', 'ssh-agent', 'ssh-keygen', 'ssh-add']
  const isElsewhere = by === 'by SSH in a network namespace'
  const isBySsh = by !== 'of this computer'
  const needed = unless(
    absent(programOf(kind), 'openssl', ...(isBySsh ? ssh : [])) ?? (isElsewhere ? noNamespaces() : null),
  )
  beforeEach(async () => {
    const namespace = isElsewhere ? networkNamespace(1) : undefined
    onTestFinished(() => namespace?.remove())
    server = await realServer(kind, temporaryFolder(), namespace)
    if (isBySsh) server.settings.ssh = [await startSshd(namespace)]
    origin = await startOrigin(
      (_request, response) => response.end('answer of the origin'),
      namespace?.outside,
    )
  })

  test('serves what is published to it, and its key is nowhere else', needed, async () => {
    await start()
    const person = readFileSync(server.settings.config ?? '', 'utf8')
    const plan = await published(['shop.test'], { dryRun: true })
    expect(plan).toMatchObject({ state: 'planned', renewed: ['shop.test'] })
    expect(plan.diff).toContain('+')
    expect(keysAtServer()).toEqual([])

    const report = await published(['shop.test'])
    expect([report.state, failures(report), report.steps.at(-1)]).toMatchObject([
      'published',
      [],
      { step: 'proof' },
    ])
    const visits = visit(server, 'shop.test')
    const again = await published([])
    expect(again.steps.filter(({ ok }) => !ok)).toEqual([])
    expect(again).toMatchObject({ state: 'unchanged', renewed: [], diff: '' })
    expect(await drift()).toEqual([])

    // A change of the domain goes there without a new key.
    const [key] = keysAtServer()
    await opened.client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts: { days: 2 } } })
    expect(await drift()).toEqual(['shop.test: HSTS is not as meant.'])
    expect(await published([])).toMatchObject({ state: 'published', renewed: [] })
    expect(keysAtServer()).toEqual([key])
    await visits.stop()
    const failed = visits.failed.filter((failure) => !isOwnReset(kind, failure))
    expect([failed, visits.answered > 0]).toEqual([[], true])
    expect(readFileSync(server.settings.config ?? '', 'utf8')).toBe(person)
    const changed = join(server.folder, 'edgekeep', 'current', 'certs', 'shop.test.pem')
    const chainPem = readFileSync(changed, 'utf8')
    writeFileSync(changed, `${chainPem}\n`)
    expect(await drift()).toEqual(['The files of the release were changed there.'])
    writeFileSync(changed, chainPem)

    expect(await published([], { withdraw: ['shop.test'] })).toMatchObject({ state: 'published' })
    expect(await opened.client.targets.list()).toMatchObject([
      { domains: [], servers: [{ certificates: [] }] },
    ])

    const needles = needlesOf(key ?? '')
    expect(filesWith(opened.folder, needles)).toEqual([])
    expect(foundInText(JSON.stringify([plan, report, await opened.client.targets.list()]), needles)).toEqual(
      [],
    )
  })

  test('is as before after a failure at any step, with visitors who notice nothing', needed, async () => {
    await start()
    // Nothing answers on its ports before the first publication.
    const local = await openHost(await recorded())
    const { report } = await publishBy({ ...local, replaceLink: swapping(local) })
    expect([failures(report), report.state]).toEqual([['proof'], 'rolled-back'])
    await published(['shop.test'])
    const visits = visit(server, 'shop.test')
    await opened.client.domains.setPolicies({ domains: ['shop.test'], policies: { hsts: { days: 3 } } })
    const before = files()
    for (const { step, host, state, cancellation } of casesOf(brokenHosts(local), isShort)) {
      const { report } = await publishBy(host, cancellation)
      expect([step, failures(report), report.state]).toEqual([step, [step], state])
      expect([step, files()]).toEqual([step, before])
    }
    await visits.stop()
    const failed = visits.failed.filter((failure) => !isOwnReset(kind, failure))
    expect([failed, visits.answered > 0]).toEqual([[], true])
    expect(keysAtServer()).toHaveLength(1)
    expect(await published([])).toMatchObject({ state: 'published', renewed: [] })
  })
})

const alone = casesOf(
  kinds.map((kind) => ({ kind })),
  ({ kind }) => kind === 'nginx',
)

describe.each(alone)('a $kind before an origin over TLS', ({ kind }) => {
  const foreign = createTestAuthority()
  const own = createTestAuthority()
  const { chainPem, keyPem } = issueTestLeaf(own, { names: ['shop.test'] })
  beforeEach(async () => {
    server = await realServer(kind, temporaryFolder())
    origin = await startOrigin((_request, response) => response.end())
  })

  /** Status of an answer to a visitor over HTTPS. */
  async function status(): Promise<number> {
    const { httpsPort: port } = server
    const tls = { servername: 'shop.test', rejectUnauthorized: false, agent: false }
    const asked = request({ host: '127.0.0.1', port, headers: { host: 'shop.test' }, ...tls }).end()
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.destroy()
    return response.statusCode ?? 0
  }

  test(
    'serves it only if the domain’s own anchors verify it',
    unless(absent(programOf(kind), 'openssl')),
    async () => {
      await start()
      const secure = createServer({ cert: chainPem, key: keyPem }, (_request, response) => response.end())
      secure.listen(0, '127.0.0.1')
      await once(secure, 'listening')
      onTestFinished(() => void secure.close())
      const { port } = secure.address() as AddressInfo
      const publishVerifiedBy = async (anchorsPem: string | null) => {
        const wanted = { ...originAt(port), protocol: 'https' as const, httpsPort: port, anchorsPem }
        await opened.client.domains.setOrigin({ domain: 'shop.test', origin: wanted })
        expect(await published(['shop.test'])).toMatchObject({ state: 'published' })
      }
      await publishVerifiedBy(own.certificatePem)
      await expect.poll(status, waits).toBe(200)
      expect((await published([])).steps.at(-1)?.sentence).toBe('It is served as meant.')
      await publishVerifiedBy(foreign.certificatePem)
      await expect.poll(status, waits).toBeGreaterThanOrEqual(500)
      // Apache answers 500, as an origin may itself.
      const caution = / shop\.test answers 50[234]: its origin may not be reachable there\.$/
      if (kind !== 'apache') expect((await published([])).steps.at(-1)?.sentence).toMatch(caution)
      await publishVerifiedBy(own.certificatePem)
      await expect.poll(status, waits).toBe(200)
      await publishVerifiedBy(null)
      await expect.poll(status, waits).toBeGreaterThanOrEqual(500)
    },
  )
})

const isShort = ({ step }: { step: string }) => step === 'certificates' || step === 'proof'

/** Publishes shop.test with a new certificate. */
async function publishBy(host: Host, cancellation = new AbortController()) {
  const { parts } = opened.engine.context
  const [target] = await opened.client.targets.list()
  const row = parts.vault.domains.get('shop.test')
  if (!target || !row) throw new Error('It is no target.')
  const publication = {
    parts,
    target: 'web',
    host,
    setup: setupOf(target),
    sites: [siteOf(row)],
    dryRun: false,
    watch: { signal: cancellation.signal, report: () => undefined },
    proofMs: 1500,
  }
  return publishToServer({ ...publication, server: { ...(await recorded()), certificates: [] } })
}

async function recorded(): Promise<TargetServer> {
  const [record] = (await opened.client.targets.list())[0]?.servers ?? []
  if (!record) throw new Error('It is no target.')
  return record
}

interface Broken {
  step: string
  state: ServerReport['state']
  host: Host
  /** Cancelled instead, by the host. */
  cancellation?: AbortController
}

/** A host, broken at one step each, and cancelled before and after the switch. */
function brokenHosts(local: Host): Broken[] {
  const fault = new HostFault('broken on purpose')
  const failingRun = (fails: (command: readonly string[]) => boolean): Host => ({
    ...local,
    run: async (command) =>
      fails(command) ? { status: 1, output: 'broken on purpose' } : local.run(command),
  })
  const isTest = ([, first, second]: readonly string[]) =>
    first === 'validate' || first === '-c' || (first === '-t' && second !== '-D')
  const isReload = (command: readonly string[]) =>
    command.some((each) => ['reload', 'graceful'].includes(each))
  let tests = 0
  let reloads = 0
  const brokenReload = failingRun((command) => isReload(command) && (reloads += 1) === 1)
  let asked = 0
  let switches = 0
  const [beforeSwitch, afterSwitch] = [new AbortController(), new AbortController()]
  return [
    { step: 'preflight', state: 'refused', host: failingRun(isTest) },
    { step: 'certificates', state: 'refused', host: failingRun(([program]) => program === 'sh') },
    { step: 'write', state: 'refused', host: { ...local, write: () => Promise.reject(fault) } },
    {
      step: 'switch',
      state: 'rolled-back',
      host: {
        ...local,
        replaceLink: (path, to) =>
          (switches += 1) === 1 ? Promise.reject(fault) : local.replaceLink(path, to),
      },
    },
    {
      step: 'check',
      state: 'rolled-back',
      host: {
        ...local,
        replaceLink: async (path, to) => {
          tests = 1
          await local.replaceLink(path, to)
        },
        run: async (command) =>
          isTest(command) && tests === 1 ? { status: 1, output: 'broken on purpose' } : local.run(command),
      },
    },
    {
      step: 'reload',
      state: 'rolled-back',
      host: {
        ...brokenReload,
        ask: async (socket, line) => ((asked += 1) === 1 ? 'Success=0' : local.ask(socket, line)),
      },
    },
    { step: 'proof', state: 'rolled-back', host: { ...local, replaceLink: swapping(local) } },
    {
      step: 'write',
      state: 'refused',
      cancellation: beforeSwitch,
      host: {
        ...local,
        async makeFolder(path) {
          await local.makeFolder(path)
          beforeSwitch.abort()
        },
      },
    },
    {
      step: 'check',
      state: 'rolled-back',
      cancellation: afterSwitch,
      host: {
        ...local,
        async replaceLink(path, to) {
          await local.replaceLink(path, to)
          afterSwitch.abort()
        },
      },
    },
  ]
}

/** Puts another certificate and key in place of those that were published, before the server reads them. */
function swapping(local: Host): Host['replaceLink'] {
  let isSwapped = false
  return async (path, to) => {
    if (!isSwapped) {
      isSwapped = true
      const certs = join(server.folder, 'edgekeep', to, 'certs')
      writeFileSync(join(certs, 'shop.test.pem'), stranger.chainPem)
      rmSync(join(certs, 'shop.test.pem.key'))
      writeFileSync(join(certs, 'shop.test.pem.key'), stranger.keyPem)
    }
    await local.replaceLink(path, to)
  }
}
