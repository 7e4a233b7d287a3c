import { followPublication } from '../../src/client/follow-publication.ts'
import { writeFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerReport } from '../../src/contract/targets/targets.ts'
import { revokeCertificate } from '../../src/engine/acme/client/revoke.ts'
import { openAccountSession } from '../../src/engine/acme/client/sessions.ts'
import { chainFromPem } from '../../src/pki/facts/certificate.ts'
import { createTargetRenewals } from '../../src/engine/publish/renewals.ts'
import { type Pebble, startPebble, whyNoPebble } from '../support/acme/pebble.ts'
import { shownAt } from '../support/acme/engine.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'
import { commandLineOf, openTestEngine, originAt, type TestEngine } from '../support/engine/engine.ts'
import { dayMs, jumpingClock } from '../support/engine/jumping-clock.ts'
import { absent, unless } from '../support/needs.ts'
import { programOf, type RealServer, realServer, type RealKind } from '../support/publish/real-servers.ts'
import { visit } from '../support/publish/visitors.ts'
import { waits } from '../support/waits.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const kinds: RealKind[] = ['nginx', 'haproxy', 'caddy', 'apache']
const clock = jumpingClock()
let opened: TestEngine
let pebble: Pebble
let origin: TestOrigin
let server: RealServer
afterEach(async () => {
  await server.stop()
  await origin.close()
  await pebble.close()
  await opened.close()
})

/** A domain whose certificate is ordered at a Pebble that validates names at the server's own port. */
async function start(kind: RealKind, challenge: 'http-01' | 'dns-01' | 'tls-alpn-01'): Promise<void> {
  clock.jumpTo(0)
  opened = await openTestEngine(undefined, clock.now)
  origin = await startOrigin((_request, response) => response.end('answer of the origin'))
  server = await realServer(kind, temporaryFolder())
  const started = await startPebble({ httpPort: server.httpPort })
  if (!started) throw new Error('There is no Pebble')
  pebble = started
  const client = commandLineOf(opened)
  const { directoryUrl: directory, rootPem: rootsPem } = pebble
  await client.acme.addAccount({ name: 'Pebble', directory, rootsPem, agreed: true })
  if (challenge === 'dns-01') await addHook()
  await client.targets.add({ name: 'web', ...server.settings })
  await server.start()
  await addShop('shop.test', challenge)
}

async function addShop(domain: string, challenge: 'http-01' | 'dns-01' | 'tls-alpn-01'): Promise<void> {
  const { client } = opened
  await client.domains.add({ name: domain, origin: originAt(origin.port) })
  const { domain: added } = await client.https.enable({ domain, source: { type: 'free' } })
  await client.domains.setRedirect({ domain, redirect: { mode: 'https', code: 308 } })
  const dnsMethod = challenge === 'dns-01' ? 'Hook' : null
  const wish = { by: 'acme' as const, account: 'Pebble', challenge, dnsMethod, keyType: 'p384' as const }
  await client.renewal.set({ id: added.https.certificate?.id ?? '', wish })
}

/** A DNS method that sets the record at Pebble's DNS server. */
async function addHook(): Promise<void> {
  const file = join(opened.folder, 'hook')
  const url = pebble.dns.managementUrl
  const script = [
    '#!/bin/sh',
    `[ "$1" = present ] && exec curl -s -d "{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}" ${url}/set-txt`,
    `exec curl -s -d "{\\"host\\":\\"$2.\\"}" ${url}/clear-txt`,
  ]
  writeFileSync(file, `${script.join('\n')}\n`, { mode: 0o700 })
  const settings = { kind: 'hook' as const, command: [file] }
  await commandLineOf(opened).acme.addDnsMethod({ name: 'Hook', settings, waitSeconds: 0 })
}

async function published(domains: string[] = []): Promise<ServerReport> {
  const [report] = await followPublication(await opened.client.targets.publish({ target: 'web', domains }))
  if (!report) throw new Error('No server was published to.')
  return report
}

const failures = ({ steps }: ServerReport) => steps.filter(({ ok }) => !ok)
const configuration = () =>
  readdirSync(join(server.folder, 'edgekeep', 'current'), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(server.folder, 'edgekeep', 'current', name), 'utf8'))
    .join('\n')

describe('A domain with an ACME certificate', unless(whyNoPebble()), () => {
  test.each(kinds)('gets one for the key of %s, which answers HTTP-01 itself', async (kind) => {
    if (absent(programOf(kind), 'openssl')) return
    await start(kind, 'http-01')
    const report = await published(['shop.test'])
    expect([report.state, failures(report), report.renewed]).toEqual(['published', [], ['shop.test']])
    expect(report.steps[0]).toMatchObject({ step: 'answers', ok: true })
    const [target] = await opened.client.targets.list()
    const [certificate] = target?.servers[0]?.certificates ?? []
    expect(certificate).toMatchObject({ domain: 'shop.test', by: 'acme' })
    expect((await shownAt(server.httpsPort, 'shop.test')).fingerprint).toBe(certificate?.fingerprintSha256)
    // The answers are gone with the order.
    expect(configuration()).not.toContain('acme-challenge')

    // A second domain beside it, while visitors come to the first.
    await addShop('api.shop.test', 'http-01')
    const visits = visit(server, 'shop.test')
    const second = await published(['api.shop.test'])
    await visits.stop()
    expect([second.state, second.renewed, visits.answered > 0]).toEqual([
      'published',
      ['api.shop.test'],
      true,
    ])
    expect(visits.failed.filter((failure) => kind !== 'caddy' || !failure.startsWith('ECONNRESET'))).toEqual(
      [],
    )
    expect(await published()).toMatchObject({ state: 'unchanged', renewed: [] })
  })

  test(
    'leaves the server as it was where the authority refuses',
    unless(absent('nginx', 'openssl')),
    async () => {
      await start('nginx', 'http-01')
      await published(['shop.test'])
      const before = configuration()
      await addShop('other.test', 'http-01')
      await pebble.dns.setAddress('other.test', '127.0.0.9')
      const report = await published(['other.test'])
      expect([report.state, failures(report)]).toMatchObject(['refused', [{ step: 'certificates' }]])
      expect(configuration()).toBe(before)
      expect(await opened.client.targets.check({ target: 'web' })).toMatchObject([{ drift: [] }])
      expect(await opened.client.targets.list()).toMatchObject([{ domains: ['shop.test'] }])
    },
  )

  test(
    'is ordered by DNS-01 with the DNS method of the vault',
    unless(absent('nginx', 'openssl')),
    async () => {
      await start('nginx', 'dns-01')
      const report = await published(['shop.test'])
      expect([report.state, failures(report)]).toEqual(['published', []])
      expect(report.steps.map(({ step }) => step)).not.toContain('answers')
    },
  )

  test(
    'is renewed by itself in the window of the authority, by a new key',
    unless(absent('nginx', 'openssl')),
    async () => {
      await start('nginx', 'http-01')
      await published(['shop.test'])
      await opened.client.targets.setRenewal({ target: 'web', on: true })
      const renewals = createTargetRenewals(opened.engine.context.parts)
      const certificate = async () => (await opened.client.targets.list())[0]?.servers[0]?.certificates[0]
      const first = await certificate()
      expect(first?.window).toBeNull()
      await renewals.look()
      expect(await certificate()).toMatchObject({
        fingerprintSha256: first?.fingerprintSha256,
        window: { start: expect.any(String) as string },
      })
      // A revocation moves the window to the past. The clock of the authority does not jump with this one.
      const { parts } = opened.engine.context
      const [account] = parts.vault.acmeAccounts.list()
      if (!account) throw new Error('There is an account')
      using session = await openAccountSession(parts, account)
      const [leaf] = chainFromPem(
        readFileSync(join(server.folder, 'edgekeep/current/certs/shop.test.pem'), 'utf8'),
      )
      await revokeCertificate(session, leaf ?? Buffer.alloc(0), 'superseded')
      await renewals.look()
      expect(await certificate()).toMatchObject({ fingerprintSha256: first?.fingerprintSha256 })
      clock.jumpTo(dayMs)
      await renewals.look()
      renewals.close()
      expect((await opened.client.targets.list())[0]?.renewal?.lastAttempt).toBeNull()
      const second = await certificate()
      expect(second).toMatchObject({ by: 'acme', window: null })
      expect(second?.fingerprintSha256).not.toBe(first?.fingerprintSha256)
      // A process of nginx from before the reload may answer once more.
      await expect
        .poll(async () => (await shownAt(server.httpsPort, 'shop.test')).fingerprint, waits)
        .toBe(second?.fingerprintSha256)
    },
  )

  test('is refused by TLS-ALPN-01, which no server answers', unless(absent('nginx')), async () => {
    await start('nginx', 'tls-alpn-01')
    await expect(published(['shop.test'])).rejects.toMatchObject({ code: 'publish.untranslatable' })
  })
})
