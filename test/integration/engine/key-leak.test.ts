import { followPublication } from '../../../src/client/follow-publication.ts'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract } from '../../../src/contract/procedures.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../../support/pki/certificates.ts'
import {
  commandLineOf,
  openTestEngine,
  originAt,
  uploads,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { doneOf } from '../../../src/client/done-of.ts'
import { planned } from '../../support/engine/planned.ts'
import { startHostileDirectory } from '../../support/acme/hostile-directory.ts'
import { filesWith, foundInText, needlesOf, type Needles } from '../../support/pki/needles.ts'
import { deriveCheaply } from '../../support/vault/derive-cheaply.ts'
import { codeOf, testRecovery } from '../../support/vault/recovery.ts'

deriveCheaply()

const authority = createTestAuthority()
const leaves = (['ec', 'rsa', 'ed25519'] as const).map((key) =>
  issueTestLeaf(authority, { names: ['shop.test'], key }),
)
const stranger = issueTestLeaf(authority, { names: ['shop.test'] })
const passphrase = 'planted-passphrase-0123456789-abcdefghijklmnop'

const needles: Needles = [...leaves, stranger]
  .map(({ keyPem }) => needlesOf(keyPem))
  .reduce((all, one) => ({ bytes: [...all.bytes, ...one.bytes], texts: [...all.texts, ...one.texts] }), {
    bytes: [Buffer.from(passphrase)],
    texts: [passphrase],
  })

describe('the needles themselves', () => {
  test.each(leaves)('are found where a key lies open', (leaf) => {
    expect(foundInText(JSON.stringify({ leaf }), needles)).not.toEqual([])
    const folder = mkdtempSync(join(tmpdir(), 'edgekeep-needles-'))
    writeFileSync(join(folder, 'open'), leaf.keyPem)
    expect(filesWith(folder, needles)).toHaveLength(1)
    rmSync(folder, { recursive: true })
  })
})

describe('no contract call, log or file holds a key', () => {
  let opened: TestEngine
  const answers: string[] = []
  const called = new Set<string>()
  let recoveryKey: string

  /** Calls and records the answer, or the error with all its properties. */
  async function call<T>(name: string, act: () => Promise<T>): Promise<T | undefined> {
    called.add(name)
    try {
      const answer = await act()
      answers.push(JSON.stringify(answer))
      return answer
    } catch (error) {
      const { message, stack, cause } = error as Error
      answers.push(JSON.stringify({ error, message, stack, cause: String(cause) }))
      return undefined
    }
  }

  /** Names a client that is not installed, so nothing on this computer changes. */
  async function trustCalls(): Promise<void> {
    const { client } = opened
    const clients = ['a client that is not here']
    await call('trust.status', () => client.trust.status())
    await call('trust.plan', () => client.trust.plan({ action: 'undo' }))
    await call('trust.env', () => client.trust.env())
    for (const open of [client.trust.apply({ action: 'install', clients }), client.trust.prove({ clients })])
      await call('trust.apply', async () => (await open)[Symbol.asyncIterator]().next())
    called.add('trust.prove')
    await first('trust.provePage', () => client.trust.provePage())
  }

  /** Uses a name that is not served, so nothing on this computer changes and no browser opens. */
  async function namesCalls(): Promise<void> {
    const { client } = opened
    const name = 'example.com'
    const selection = { action: 'install' as const, parts: ['names' as const], domains: [name] }
    await call('names.status', () => client.names.status({}))
    await call('names.site', () => client.names.site({ name }))
    await call('names.openSite', () => client.names.openSite({ name }))
    await call('ports.status', () => client.ports.status())
    await call('ports.retry', () => client.ports.retry())
    await call('lan.on', () => client.lan.on({ domains: [name], address: '127.0.0.2' }))
    await call('lan.off', () => client.lan.off({}))
    await first('lan.servePage', () => client.lan.servePage({ address: '127.0.0.1' }))
    await call('names.proxy', () => client.names.proxy())
    await call('names.setProxy', () => client.names.setProxy({ port: null }))
    await call('setup.plan', () => client.setup.plan({ ...selection, domains: undefined }))
    const applied = await client.setup.apply(selection)
    await call('setup.apply', () => applied[Symbol.asyncIterator]().next())
    const proven = await client.setup.prove({ domain: name, clients: undefined })
    await call('setup.prove', () => proven[Symbol.asyncIterator]().next())
    await call('setup.tested', () => client.setup.tested({}))
    // The engine of this test has no process of its own to end.
    await call('engine.end', () => client.engine.end({ restart: false }))
  }

  async function first<T>(name: string, open: () => Promise<AsyncIterator<T>>): Promise<void> {
    const stream = await open()
    await call(name, () => stream.next())
    await stream.return?.(undefined)
  }

  async function everyCall(leaf: TestLeaf): Promise<void> {
    const { client } = opened
    const domain = 'shop.test'
    await call('domains.add', () => client.domains.add({ name: domain, origin: originAt(1) }))
    await call('domains.setOrigin', () => client.domains.setOrigin({ domain, origin: originAt(2) }))
    await call('domains.testOrigin', () => client.domains.testOrigin({ domain, origin: originAt(1) }))
    const [certificate, key] = uploads(leaf) as [File, File]
    const wrong = await call('staging.open', () =>
      client.staging.open({ files: [certificate, uploads(stranger)[1]!], domain }),
    )
    await call('https.enable', () =>
      client.https.enable({ domain, source: { type: 'upload', stagingId: wrong!.stagingId, keep: true } }),
    )
    await call('staging.discard', () => client.staging.discard({ stagingId: wrong!.stagingId }))
    const staged = await call('staging.open', () => client.staging.open({ files: [certificate], domain }))
    const { stagingId } = staged!
    const fileName = { stagingId, file: key.name }
    await call('staging.add', () => client.staging.add({ stagingId, files: [key] }))
    await call('staging.remove', () => client.staging.remove(fileName))
    await call('staging.add', () => client.staging.add({ stagingId, files: [key] }))
    const source = { type: 'upload', stagingId } as const
    await call('https.preview', () => client.https.preview({ domain, source }))
    await call('https.enable', () =>
      client.https.enable({ domain, source: { type: 'upload', stagingId, keep: false } }),
    )
    await call('https.pause', () => client.https.pause({ domain }))
    await call('https.enable', () => client.https.enable({ domain, source: { type: 'current' } }))
    await call('domains.setRedirect', () =>
      client.domains.setRedirect({ domain, redirect: { mode: 'https', code: 301 } }),
    )
    await call('domains.setPolicies', () =>
      client.domains.setPolicies({ domains: [domain], policies: { hsts: { days: 1 } } }),
    )
    // A key among the anchors, and one in place of them.
    for (const clientAnchors of [[authority.certificatePem + leaf.keyPem], [leaf.keyPem]])
      await call('domains.setPolicies', () =>
        client.domains.setPolicies({
          domains: [domain],
          policies: { tls: { clientCertificates: 'optional', clientAnchors } },
        }),
      )
    for (const clientAnchors of [[authority.certificatePem + leaf.keyPem], [leaf.keyPem]])
      await call('domains.changeTls', () =>
        client.domains.changeTls({
          domains: [domain],
          tls: { clientCertificates: 'optional', clientAnchors },
        }),
      )
    for (const users of [[{ name: 'anna', password: passphrase }], [{ name: 'an:na', password: passphrase }]])
      await call('domains.setPolicies', () =>
        client.domains.setPolicies({ domains: [domain], policies: { access: { users } } }),
      )
    await call('findings.list', () => client.findings.list({ domain }))
    await first('findings.watch', () => client.findings.watch({ domain }))
    await call('findings.clear', () => client.findings.clear({ domain }))
    await call('domains.copyPolicies', () => client.domains.copyPolicies({ from: domain, to: [domain] }))
    await call('domains.list', () => client.domains.list())
    await call('domains.get', () => client.domains.get({ domain }))
    await first('domains.watch', () => client.domains.watch())
    await call('domains.check', () => client.domains.check({ domain }))
    await first('certificates.watch', () => client.certificates.watch())
    const list = await call('certificates.list', () => client.certificates.list())
    const { id, name } = list![0]!
    await call('certificates.get', () => client.certificates.get({ id }))
    await call('certificates.find', () => client.certificates.find({ reference: name }))
    await call('certificates.rename', () => client.certificates.rename({ id, name: 'renamed' }))
    await call('certificates.annotate', () =>
      client.certificates.annotate({ id, note: 'noted', tags: ['a'], owner: 'Ada' }),
    )
    await call('certificates.tag', () => client.certificates.tag({ ids: [id], add: ['b'] }))
    await call('domains.tag', () => client.domains.tag({ domains: [domain], add: ['a'] }))
    await call('certificates.setKept', () => client.certificates.setKept({ id, kept: true }))
    for (const format of ['pem', 'leaf', 'der', 'p7b'] as const) {
      const file = await call('certificates.export', () => client.certificates.export({ id, format }))
      answers.push(Buffer.from(file!.contentBase64, 'base64').toString('latin1'))
    }
    await call('https.enable', () => client.https.enable({ domain, source: { type: 'free' } }))
    await call('authority.get', () => client.authority.get())
    await trustCalls()
    await namesCalls()
    await call('authority.rotate', () => client.authority.rotate({ allow: ['example.com'] }))
    await localCertificateCalls()
    await acmeServerCalls()
    await call('https.disable', () => client.https.disable({ domain }))
    await call('certificates.remove', () => client.certificates.remove({ id }))
    await call('domains.remove', () => client.domains.remove({ domain }))
    const again = await call('staging.open', () => client.staging.open({ files: uploads(leaf) }))
    await call('certificates.import', () =>
      client.certificates.import({ stagingId: again!.stagingId, name: 'kept' }),
    )
    await inspections(uploads(leaf))
    const configuration = await call('configuration.export', () => client.configuration.export())
    const text = configuration?.text ?? ''
    const plan = await call('configuration.plan', () => planned(client, text))
    await call('configuration.apply', () =>
      doneOf(client.configuration.apply({ text, version: plan?.version ?? 0 })),
    )
    await first('traffic.watch', () => client.traffic.watch({ reveal: true }))
    await call('traffic.get', () => client.traffic.get({ id: 1, reveal: true }))
    await call('traffic.har', async () => (await client.traffic.har({ reveal: true })).text())
    await call('traffic.replay', () => client.traffic.replay({ id: 1 }))
    await call('traffic.clear', () => client.traffic.clear())
    await call('traffic.setAccessLog', () => client.traffic.setAccessLog({ enabled: true }))
    await call('traffic.accessLog', () => client.traffic.accessLog())
    await call('audit.list', () => client.audit.list({ limit: 1000 }))
    await call('audit.verify', () => client.audit.verify())
    await call('usage.setPrice', () => client.usage.setPrice({ price: { per10000: 0.05, currency: 'EUR' } }))
    await call('usage.price', () => client.usage.price())
    await call('usage.query', () => client.usage.query({}))
    await call('usage.csv', () => client.usage.csv({}))
    await first('usage.watch', () => client.usage.watch())
    await call('engine.status', () => client.engine.status())
    await first('engine.watch', () => client.engine.watch())
  }

  /** The MAC key is shown once and never again. */
  async function acmeServerCalls(): Promise<void> {
    const { acmeServer } = opened.client
    await call('acmeServer.set', () => acmeServer.set({ waived: ['test'] }))
    const { id, macKey } = await acmeServer.addBinding({ label: 'planted' })
    called.add('acmeServer.addBinding')
    needles.texts.push(macKey)
    needles.bytes.push(Buffer.from(macKey, 'base64url'))
    await call('acmeServer.state', () => acmeServer.state())
    await call('acmeServer.accounts', () => acmeServer.accounts())
    const account = { id: 'client', thumbprint: '', jwk: {}, contacts: [], binding: null, userAgent: '' }
    const at = new Date().toISOString()
    opened.engine.context.parts.vault.acmeServer.add({
      ...account,
      status: 'valid',
      createdAt: at,
      seenAt: at,
    })
    await call('acmeServer.endAccount', () => acmeServer.endAccount({ id: 'client' }))
    await call('acmeServer.removeAccount', () => acmeServer.removeAccount({ id: 'client' }))
    await call('acmeServer.bindings', () => acmeServer.bindings())
    await call('vault.rotate', () => opened.client.vault.rotate({}))
    await call('acmeServer.rehearse', () => acmeServer.rehearse({}))
    await call('acmeServer.rehearsal', () => acmeServer.rehearsal())
    await first('acmeServer.watchRehearsal', () => acmeServer.watchRehearsal())
    await call('acmeServer.stopRehearsal', () => acmeServer.stopRehearsal())
    await call('acmeServer.removeBinding', () => acmeServer.removeBinding({ id }))
  }

  /** The key of an account is made in the engine, and the secrets of bindings and DNS methods come from outside. */
  async function authorities(): Promise<void> {
    const { acme, renewal, certificates, domains } = opened.client
    const server = await startHostileDirectory()
    const { url: directory, rootPem: rootsPem } = server
    const binding = { keyId: 'customer', macKey: passphrase }
    const { vault } = opened.engine.context.parts
    const plant = () => {
      for (const { id } of vault.acmeAccounts.list())
        vault.acmeAccounts.withKey(id, (keyPem) => {
          const { bytes, texts } = needlesOf(keyPem.toString())
          needles.bytes.push(...bytes)
          needles.texts.push(...texts)
        })
    }
    await call('acme.directory', () => acme.directory({ directory, rootsPem }))
    await call('acme.addAccount', () =>
      acme.addAccount({ name: 'Bound', directory, rootsPem, binding: { ...binding, macKey: 'short' } }),
    )
    await call('acme.addAccount', () => acme.addAccount({ name: 'Bound', directory, rootsPem, binding }))
    plant()
    await call('acme.rolloverAccount', () => acme.rolloverAccount({ reference: 'Bound' }))
    server.instead.set('/key', () => ({}))
    await call('acme.rolloverAccount', () => acme.rolloverAccount({ reference: 'Bound' }))
    plant()
    await call('acme.accounts', () => acme.accounts())
    const updates = { kind: 'acme-dns', server: `${server.origin}/`, username: 'u', subdomain: 's' } as const
    await call('acme.addDnsMethod', () =>
      acme.addDnsMethod({ name: 'DNS', settings: updates, secret: passphrase }),
    )
    const notice = { name: 'Notice', settings: { kind: 'webhook' as const } }
    const { notices } = opened.client
    await call('notices.add', () => notices.add({ ...notice, secret: `${server.origin}/${passphrase}` }))
    await call('notices.add', () => notices.add({ ...notice, secret: passphrase }))
    await call('notices.test', () => notices.test({ reference: 'Notice' }))
    await call('notices.list', () => notices.list())
    await call('notices.remove', () => notices.remove({ reference: 'Notice' }))
    await call('acme.setDnsWait', () => acme.setDnsWait({ reference: 'DNS', waitSeconds: 5 }))
    await call('acme.dnsMethods', () => acme.dnsMethods())
    await domains.add({ name: 'acme.test', origin: originAt(1) })
    const wish = { challenge: 'dns-01', dnsMethod: 'DNS' } as const
    await call('acme.persistentRecords', () =>
      acme.persistentRecords({ account: 'Bound', names: ['acme.test'] }),
    )
    const events = await acme.obtain({ domain: 'acme.test', account: 'Bound', wish })
    await call('acme.obtain', async () => {
      for await (const event of events) answers.push(JSON.stringify(event))
      return null
    })
    await opened.client.https.enable({ domain: 'acme.test', source: { type: 'free' } })
    const id = (await domains.get({ domain: 'acme.test' })).https.certificate?.id ?? ''
    await call('renewal.set', () => renewal.set({ id, wish: { by: 'acme', account: 'Bound', ...wish } }))
    await call('renewal.calendar', () => renewal.calendar({}))
    await call('renewal.renew', async () => {
      for await (const result of await renewal.renew({ ids: [id] })) answers.push(JSON.stringify(result))
      return null
    })
    await call('acme.revoke', () => acme.revoke({ certificateId: id, reason: 'keyCompromise' }))
    await call('acme.removeDnsMethod', () => acme.removeDnsMethod({ reference: 'DNS' }))
    await call('acme.endAccount', () => acme.endAccount({ reference: 'Bound', force: true }))
    await call('certificates.list', () => certificates.list())
    await domains.remove({ domain: 'acme.test' })
    await server.close()
  }

  async function localCertificateCalls(): Promise<void> {
    const { localCertificates, authority } = opened.client
    await call('localCertificates.issue', () => localCertificates.issue({ names: ['issued.test'] }))
    const device = { holder: 'phone', names: [], passphrase }
    await call('localCertificates.issueForDevice', () => localCertificates.issueForDevice(device))
    await call('authority.rotate', () => authority.rotate({ clients: true }))
    const archive = await call('localCertificates.issueForDevice', () =>
      localCertificates.issueForDevice(device),
    )
    answers.push(Buffer.from(await archive!.arrayBuffer()).toString('latin1'))
    await call('localCertificates.issued', () => localCertificates.issued())
    await call('localCertificates.reissue', () => localCertificates.reissue({ reference: 'issued.test' }))
    await call('localCertificates.revoke', () => localCertificates.revoke({ reference: 'phone' }))
    await call('localCertificates.revocationService', () => localCertificates.revocationService())
    await call('localCertificates.setRevocationService', () =>
      localCertificates.setRevocationService({ port: null }),
    )
    const changes = await call('localCertificates.watch', () => localCertificates.watch())
    await changes?.return(undefined)
    await call('localCertificates.requests', () => localCertificates.requests())
    const made = await call('localCertificates.request', () =>
      localCertificates.request({ names: ['a.test'] }),
    )
    for (const files of [[new File([made!.pem], 'a.csr')], uploads(leaves[0]!)]) {
      await call('localCertificates.readRequest', () => localCertificates.readRequest({ files }))
      await call('localCertificates.sign', () => localCertificates.sign({ files }))
    }
    await call('localCertificates.forgetRequest', () =>
      localCertificates.forgetRequest({ reference: 'a.test' }),
    )
  }

  async function inspections(files: File[]): Promise<void> {
    const { inspect } = opened.client
    const openings = await call('inspect.openings', () => inspect.openings())
    const session = await call('inspect.open', () => inspect.open({ files: [files[0]!] }))
    const { sessionId } = session!
    await call('inspect.add', () => inspect.add({ sessionId, files: [files[1]!] }))
    await openings?.return(undefined)
    const others = await call('inspect.open', () =>
      inspect.open({ files: [files[0]!, uploads(stranger)[1]!] }),
    )
    await call('inspect.diagnose', () => inspect.diagnose({ sessionId, host: 'shop.test' }))
    await call('inspect.diagnose', () => inspect.diagnose(others!))
    await call('inspect.lint', () => inspect.lint({ sessionId }))
    await call('inspect.timeline', () => inspect.timeline({ sessionId, anchors: others!.sessionId }))
    await call('inspect.preflight', () => inspect.preflight({ sessionId }))
    await call('inspect.preflight', () => inspect.preflight({ sessionId, targets: ['nobody'] }))
    for (const format of ['html', 'json', 'sarif'] as const)
      await call('inspect.report', () => inspect.report({ sessionId, format }))
    await call('inspect.remote', () =>
      inspect.remote({ host: '127.0.0.1', port: 1, compareWith: { sessionId } }),
    )
    await call('inspect.clean', () => inspect.clean({ sessionId }))
    for (const pieceId of ['p1', 'p2', 'p3'])
      await call('inspect.asn1', () => inspect.asn1({ sessionId, pieceId, depth: 24 }))
    await call('inspect.compare', () => inspect.compare({ before: { sessionId }, after: others! }))
    await call('inspect.close', () => inspect.close({ sessionId }))
  }

  /** Pastes keys without line ends, as a single-line field does. */
  async function keysInWrongFields({ keyPem }: TestLeaf): Promise<void> {
    const { client } = opened
    const body = keyPem.replaceAll(/-----[A-Z ]+-----/g, '')
    for (const typed of [
      keyPem,
      keyPem.replaceAll('\n', ''),
      body.replaceAll('\n', ''),
      body.slice(0, 200),
    ]) {
      const host = typed.slice(0, 255)
      const origin = { ...originAt(1), host, hostHeader: host }
      await call('domains.add', () => client.domains.add({ name: host, origin: originAt(1) }))
      await call('certificates.find', () => client.certificates.find({ reference: typed }))
      await call('certificates.get', () => client.certificates.get({ id: typed }))
      await call('domains.add', () => client.domains.add({ name: 'field.test', origin }))
      await call('domains.add', () =>
        client.domains.add({ name: 'field.test', origin: { ...originAt(1), hostHeader: host } }),
      )
    }
  }

  async function encryptedKeys(): Promise<void> {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase },
    })
    const files = [new File([privateKey], 'encrypted.key')]
    const staged = await call('staging.open', () => opened.client.staging.open({ files }))
    const { stagingId, report } = staged!
    const pieceId = report.pieces[0]!.id
    await call('staging.unlock', () =>
      opened.client.staging.unlock({ stagingId, pieceId, passphrase: `not ${passphrase}` }),
    )
    await call('staging.unlock', () => opened.client.staging.unlock({ stagingId, pieceId, passphrase }))
    const { inspect } = opened.client
    const { sessionId } = (await call('inspect.open', () => inspect.open({ files })))!
    for (const tried of [`not ${passphrase}`, passphrase])
      await call('inspect.unlock', () => inspect.unlock({ sessionId, passphrase: tried }))
  }

  async function records(): Promise<void> {
    const { client } = opened
    const [one, two, three] = leaves as [TestLeaf, TestLeaf, TestLeaf]
    const files = [...uploads(one), ...uploads(two), new File([stranger.keyPem], 'lone.key')]
    for (const allOrNothing of [true, false]) {
      const events = await call('certificates.importMany', () =>
        client.certificates.importMany({ files, allOrNothing, passphrase }),
      )
      for await (const event of events!) answers.push(JSON.stringify(event))
    }
    const { id } = await client.certificates.find({ reference: one.fingerprintSha256 })
    await client.domains.add({ name: 'shop.test', origin: originAt(1) })
    await client.https.enable({ domain: 'shop.test', source: { type: 'vault', certificateId: id } })
    for (const files of [[uploads(three)[0]!, uploads(stranger)[1]!], uploads(three)]) {
      const staged = await call('staging.open', () => client.staging.open({ files }))
      const source = { type: 'upload', stagingId: staged!.stagingId } as const
      await call('certificates.replace', () =>
        client.certificates.replace({ id, with: source, dryRun: true }),
      )
      await call('certificates.replace', () => client.certificates.replace({ id, with: source }))
    }
    await call('certificates.history', () => client.certificates.history({ id }))
    await call('domains.history', () => client.domains.history({ domain: 'shop.test' }))
  }

  async function copies(): Promise<void> {
    const { client } = opened
    const folder = mkdtempSync(join(tmpdir(), 'edgekeep-copies-'))
    const schedule = { folder, everyHours: 24, keep: 1, passphrase }
    await setUp()
    await call('vault.setSchedule', () =>
      client.vault.setSchedule({ schedule: { ...schedule, folder: join(folder, 'none') } }),
    )
    await call('vault.setSchedule', () => client.vault.setSchedule({ schedule }))
    await call('vault.schedule', () => client.vault.schedule())
    expect(filesWith(folder, needles)).toEqual([])
    rmSync(folder, { recursive: true })
  }

  /** The recovery key and the code are secrets too: they are in no answer, log or file but the code's. */
  async function setUp(): Promise<void> {
    const { vault } = opened.client
    const made = await testRecovery()
    recoveryKey = made.recoveryKey
    const { privateKey } = made.pair
    needles.bytes.push(Buffer.from(privateKey))
    needles.texts.push(recoveryKey, recoveryKey.replaceAll('-', ''), Buffer.from(privateKey).toString('hex'))
    await call('vault.requestCode', () => vault.requestCode())
    const proof = await codeOf(opened)
    const wrong = [undefined, { recoveryKey }, { code: 'AAAA-AAAA' }, { passphrase }]
    for (const given of [...wrong, proof])
      await call('vault.setRecoveryKey', () =>
        vault.setRecoveryKey({ publicKey: made.publicKey, proof: given }),
      )
    needles.texts.push(proof.code ?? '')
  }

  async function custody(): Promise<void> {
    const { client } = opened
    await call('vault.watchNotices', async () => {
      const notices = await client.vault.watchNotices()
      await call('vault.rotate', () => client.vault.rotate({}))
      const told = await notices.next()
      await notices.return?.(undefined)
      return told
    })
    const proof = { recoveryKey }
    await call('vault.protect', () => client.vault.protect({ protector: 'passphrase', passphrase, proof }))
    await locking()
    await call('vault.protect', () => client.vault.protect({ protector: 'key-file', proof: { passphrase } }))
    const backup = await call('vault.backUp', () => client.vault.backUp({ passphrase }))
    const file = new File([new Uint8Array((await backup?.arrayBuffer()) ?? [])], 'all.backup')
    answers.push(Buffer.from(await file.arrayBuffer()).toString('latin1'))
    const opens = { file, passphrase, recoveryKey }
    await call('vault.inspectBackup', () => client.vault.inspectBackup({ ...opens, recoveryKey: 'AAAAA' }))
    const content = await call('vault.inspectBackup', () => client.vault.inspectBackup(opens))
    expect(content).toMatchObject({ passphraseOnly: false })
    await call('vault.restore', () => client.vault.restore({ ...opens, passphrase: `not ${passphrase}` }))
    const restored = await call('vault.restore', () => client.vault.restore(opens))
    expect(restored).toMatchObject({ restarts: false })
    opened = await opened.reopen()
  }

  async function locking(): Promise<void> {
    const { client } = opened
    const files = uploads(leaves[0]!)
    await call('vault.setLocking', () => client.vault.setLocking({ autoLockMinutes: 10, stopServing: false }))
    await call('vault.stayOpen', () => client.vault.stayOpen())
    await call('vault.protectors', () => client.vault.protectors())
    await call('engine.setEdge', () => client.engine.setEdge({ settings: { metricsPort: null } }))
    await call('agents.readFiles', () => client.agents.readFiles({ files: ['site.key'] }))
    await call('engine.setAgents', () => client.engine.setAgents({ domains: false }))
    await call('desktop.setPreferences', () => client.desktop.setPreferences({ startAtLogin: false }))
    await call('vault.rotate', () => client.vault.rotate({ passphrase: `not ${passphrase}` }))
    await call('vault.rotate', () => client.vault.rotate({ passphrase }))
    await call('staging.open', () => client.staging.open({ files }))
    await call('vault.lock', () => client.vault.lock())
    await call('staging.open', () => client.staging.open({ files }))
    await call('vault.unlock', () => client.vault.unlock({}))
    await call('vault.unlock', () => client.vault.unlock({ passphrase: `not ${passphrase}` }))
    await call('engine.status', () => client.engine.status())
    expect(filesWith(opened.folder, needles)).toEqual([])
    await call('vault.unlock', () => client.vault.unlock({ passphrase }))
  }

  /** Keys among the files of an import, and in place of a project's file. */
  async function imported(leaf: TestLeaf): Promise<void> {
    const { client } = opened
    const certificate = { name: 'moved.test', sha256: leaf.fingerprintSha256 }
    const redirect = { mode: 'none' as const, code: 301 as const }
    const moved = { origin: originAt(1), https: 'on' as const, certificate, redirect }
    const setup = { source: 'nginx', domains: { 'moved.test': moved }, files: uploads(leaf) }
    const planned = await call('imports.plan', () => client.imports.plan(setup))
    await call('imports.apply', () => client.imports.apply({ ...setup, version: planned!.version }))
    await call('imports.last', () => client.imports.last())
    await call('imports.undo', () => client.imports.undo())
    await call('imports.found', () => client.imports.found())
    const pair = [new File([leaf.chainPem], 'own.pem'), new File([leaf.keyPem], 'own-key.pem')]
    const chosen = { program: 'mkcert' as const, files: pair }
    const read = await call('imports.planProgram', () => client.imports.planProgram(chosen))
    const { digest, plan } = read!
    await call('imports.applyProgram', () =>
      client.imports.applyProgram({ ...chosen, digest, version: plan.version }),
    )
    await call('imports.undo', () => client.imports.undo())
    const file = { folder: opened.folder, text: leaf.keyPem }
    await call('projects.plan', () => client.projects.plan(file))
    await call('projects.apply', () => client.projects.apply({ ...file, version: 0 }))
    await call('projects.list', () => client.projects.list())
    await call('projects.services', () => client.projects.services(file))
    const trusted = { ...file, scripts: 'a'.repeat(64) }
    await call('projects.trustServices', () => commandLineOf(opened).projects.trustServices(trusted))
    await call('containers.list', () => client.containers.list())
    await call('containers.serve', () => client.containers.serve({ container: 'web', port: 80 }))
    await call('projects.forget', () => client.projects.forget({ folder: opened.folder }))
  }

  async function runsAndWatches(): Promise<void> {
    const { client } = opened
    const run = { project: '/shop', service: 'web', names: ['run.localhost'], origin: originAt(1) }
    await first('runs.serve', () => client.runs.serve(run))
    await call('runs.list', () => client.runs.list())
    const pointed = { domain: 'run.localhost', origin: originAt(1), listens: false }
    await call('runs.point', () => client.runs.point(pointed))
    const server = { host: 'localhost', port: 9 }
    await call('watch.add', () => client.watch.add({ servers: [server], everyMinutes: 60 }))
    await call('watch.check', () => client.watch.check({}))
    await call('watch.list', () => client.watch.list())
    await call('watch.remove', () => client.watch.remove(server))
  }

  async function targetCalls(): Promise<void> {
    const client = commandLineOf(opened)
    const target = 'lb'
    const folder = mkdtempSync(join(tmpdir(), 'edgekeep-target-'))
    const config = join(folder, 'haproxy.cfg')
    // HAProxy repeats lines that it does not understand.
    for (const text of [leaves[0]!.keyPem, 'global\n']) {
      writeFileSync(config, text)
      await call('targets.add', () => client.targets.add({ name: target, kind: 'haproxy', config }))
    }
    writeFileSync(config, leaves[0]!.keyPem)
    await call('targets.list', () => client.targets.list())
    await call('targets.show', () => client.targets.show({ target }))
    await call('targets.check', () => client.targets.check({ target }))
    await call('targets.publish', async () =>
      followPublication(await client.targets.publish({ target, domains: ['shop.test'] })),
    )
    await call('targets.cancel', () => client.targets.cancel({ target }))
    await call('targets.setRenewal', () => client.targets.setRenewal({ target, on: true }))
    await call('targets.remove', () => client.targets.remove({ target }))
    rmSync(folder, { recursive: true })
  }

  async function brokenKeys(leaf: TestLeaf): Promise<void> {
    const cut = leaf.keyPem.slice(0, -40)
    const flipped = leaf.keyPem.replace(/[A-Z](?=[a-z])/, '#')
    for (const text of [cut, flipped, `${leaf.chainPem}${cut}`]) {
      await call('staging.open', () =>
        opened.client.staging.open({ files: [new File([text], 'broken.pem')] }),
      )
    }
    const der = new File(
      [Buffer.from(leaf.keyPem.split('\n').slice(1, -2).join(''), 'base64').subarray(0, -3)],
      'broken.der',
    )
    await call('inspect.open', () => opened.client.inspect.open({ files: [der] }))
  }

  beforeAll(async () => {
    opened = await openTestEngine()
    for (const leaf of leaves) {
      await everyCall(leaf)
      await brokenKeys(leaf)
      await imported(leaf)
      await keysInWrongFields(leaf)
    }
    await runsAndWatches()
    await targetCalls()
    await encryptedKeys()
    await records()
    await authorities()
    await copies()
    await custody()
  })
  afterAll(() => opened.close())

  test('every call of the contract was made', () => {
    const all = Object.entries(contract).flatMap(([group, calls]) =>
      Object.keys(calls).map((name) => `${group}.${name}`),
    )
    expect([...called].toSorted()).toEqual(all.toSorted())
  })

  test('no answer, error or exported file holds one', () => {
    expect(answers.length).toBeGreaterThan(80)
    expect(answers.flatMap((answer) => foundInText(answer, needles))).toEqual([])
    expect(answers.filter((answer) => answer.includes('scrypt:') || answer.includes('passwordHash'))).toEqual(
      [],
    )
  })

  test('no file of the home holds one while the certificates are kept, nor after a restart', async () => {
    expect(await opened.client.certificates.list()).not.toEqual([])
    expect(filesWith(opened.folder, needles)).toEqual([])
    opened = await opened.reopen()
    expect(filesWith(opened.folder, needles)).toEqual([])
  })
})
