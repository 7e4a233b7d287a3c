import { followPublication } from '../../../../src/client/follow-publication.ts'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServerReport } from '../../../../src/contract/targets/targets.ts'
import { shownAt } from '../../../support/acme/engine.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'
import { commandLineOf, openTestEngine, originAt, type TestEngine } from '../../../support/engine/engine.ts'
import { absent, unless } from '../../../support/needs.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import { filesWith, foundInText, needlesOf } from '../../../support/pki/needles.ts'
import { type RealServer, realServer } from '../../../support/publish/real-servers.ts'
import { freezableSshd, startSshd } from '../../../support/publish/sshd.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
const other = issueTestLeaf(createTestAuthority(), { names: ['other.test'] })
const domains = ['shop.test']
let opened: TestEngine
let origin: TestOrigin
let servers: RealServer[]
beforeEach(async () => {
  opened = await openTestEngine()
  origin = await startOrigin((_request, response) => response.end('answer of the origin'))
  servers = []
  await opened.client.domains.add({ name: 'shop.test', origin: originAt(origin.port) })
})
afterEach(async () => {
  for (const server of servers) await server.stop()
  await origin.close()
  await opened.close()
})

async function addTarget(name: string, ssh: string[] = []): Promise<RealServer> {
  const server = await realServer('nginx', temporaryFolder())
  servers.push(server)
  await commandLineOf(opened).targets.add({ name, ...server.settings, ssh })
  await server.start()
  return server
}

async function staged({ chainPem, keyPem }: typeof leaf): Promise<string> {
  const files = [new File([chainPem], 'chain.pem'), new File([keyPem], 'key.pem')]
  return (await opened.client.staging.open({ files })).stagingId
}

type More = { upload?: { stagingId: string }; dryRun?: boolean }

async function published(target: string, more: More = {}, names = domains): Promise<ServerReport> {
  const [report] = await followPublication(
    await opened.client.targets.publish({ target, domains: names, ...more }),
  )
  if (!report) throw new Error('No server was published to.')
  return report
}

const failures = ({ steps }: ServerReport) => steps.filter(({ ok }) => !ok)
const keysOf = ({ folder }: RealServer) => {
  const keys = join(folder, 'edgekeep', 'keys')
  return readdirSync(keys).map((name) => join(keys, name))
}

const programs = ['nginx', 'openssl', 'sshd', 'ssh-agent', 'ssh-keygen', 'ssh-add']
test(
  'an uploaded key goes into the vault and to the servers, and another server needs the files again',
  unless(absent(...programs)),
  async () => {
    const local = await addTarget('web')
    const remote = await addTarget('far', [await startSshd()])
    const stagingId = await staged(leaf)
    const plan = await published('web', { upload: { stagingId }, dryRun: true })
    expect(plan).toMatchObject({ state: 'planned', renewed: domains })
    expect(await opened.client.certificates.list()).toEqual([])
    const wrong = await staged(other)
    await expect(published('web', { upload: { stagingId: wrong } })).rejects.toMatchObject({
      code: 'name.not_covered',
    })

    const report = await published('web', { upload: { stagingId } })
    expect([report.state, failures(report)]).toEqual(['published', []])
    const [stored] = await opened.client.certificates.list()
    expect(stored).toMatchObject({ kind: 'uploaded', usedBy: domains })
    expect((await shownAt(local.httpsPort, 'shop.test')).fingerprint).toBe(stored?.fingerprintSha256)
    const [key = ''] = keysOf(local)
    expect(readFileSync(key, 'utf8').trim()).toBe(leaf.keyPem.trim())
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect(await published('web')).toMatchObject({ state: 'unchanged', renewed: [] })

    expect(await published('far', { dryRun: true })).toMatchObject({ state: 'refused' })
    const refused = await published('far')
    expect(refused.state).toBe('refused')
    expect(failures(refused)).toMatchObject([
      { step: 'preflight', sentence: expect.stringContaining('files again') as string },
    ])
    expect(keysOf(remote)).toEqual([])
    const reached = await published('far', { upload: { stagingId } })
    expect([reached.state, failures(reached)]).toEqual(['published', []])
    expect(keysOf(remote).map((path) => statSync(path).mode & 0o777)).toEqual([0o600])
    await opened.client.staging.discard({ stagingId })

    const needles = needlesOf(leaf.keyPem)
    const said = [
      plan,
      report,
      refused,
      reached,
      await opened.client.targets.list(),
      await opened.client.audit.list({ limit: 100 }),
    ]
    expect(foundInText(JSON.stringify(said), needles)).toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])
    for (const { folder } of servers)
      expect(filesWith(folder, needles)).toEqual(keysOf({ folder } as RealServer))
  },
)

test(
  'an upload for several domains is planned for all of them, and put in use in one change after the preflight',
  unless(absent('nginx', 'openssl')),
  async () => {
    const { client } = opened
    const names = ['shop.test', 'api.test', 'third.test']
    for (const name of names.slice(1)) await client.domains.add({ name, origin: originAt(origin.port) })
    const wider = issueTestLeaf(createTestAuthority(), { names: ['third.test', 'www.third.test'] })
    const wideId = await staged(wider)
    await client.https.enable({ domain: 'third.test', source: { type: 'upload', stagingId: wideId } })
    const server = await addTarget('web')
    const leafOfAll = issueTestLeaf(createTestAuthority(), { names })
    const upload = { stagingId: await staged(leafOfAll) }
    const swapped = async () => {
      const https = (await client.domains.list()).map((domain) => domain.https)
      return https.filter((each) => each.certificate?.fingerprintSha256 === leafOfAll.fingerprintSha256)
        .length
    }

    await expect(published('web', { upload }, names)).rejects.toMatchObject({ code: 'certificate.worse' })
    expect([await swapped(), keysOf(server)]).toEqual([0, []])

    // The third one is served with no more than what comes.
    await client.https.disable({ domain: 'third.test' })
    const { config = '' } = server.settings
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, `${text}\nnonsense;`)
    expect((await published('web', { upload }, names)).state).toBe('refused')
    expect([await swapped(), keysOf(server)]).toEqual([0, []])

    writeFileSync(config, text)
    const before = (await client.audit.list({ limit: 100 })).length
    expect((await published('web', { upload }, names)).state).toBe('published')
    expect(await swapped()).toBe(3)
    const made = (await client.audit.list({ limit: 100 })).slice(0, -before)
    expect(made.filter(({ action }) => action === 'https.enable')).toMatchObject([{ subject: '3 domains' }])
  },
)

test(
  'a server that does not answer by SSH holds up no publication to another one',
  unless(absent(...programs)),
  async () => {
    const { address, freeze } = await freezableSshd()
    await opened.client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    await addTarget('near')
    await addTarget('far', [address])
    freeze('SIGSTOP')
    let hasEnded = false
    const far = published('far').finally(() => (hasEnded = true))
    const waiting = published('far')
    expect((await published('near')).state).toBe('published')
    expect(hasEnded).toBe(false)
    await opened.client.targets.cancel({ target: 'far' })
    freeze('SIGCONT')
    await Promise.all([far, waiting])
  },
)
