import { followPublication } from '../../../../src/client/follow-publication.ts'
import { readdirSync, readFileSync, statSync } from 'node:fs'
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
import { startSshd } from '../../../support/publish/sshd.ts'
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
