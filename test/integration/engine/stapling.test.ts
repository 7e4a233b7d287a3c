import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { defaultPolicies } from '../../../src/contract/domains/policies.ts'
import type { Stapling } from '../../../src/contract/issuing/stapling.ts'
import { allowances } from '../../../src/engine/network-guard/guard.ts'
import {
  createTestAuthority,
  issueTestLeaf,
  ocspPurpose,
  type TestLeaf,
} from '../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { startResponder, type TestResponder } from '../../support/pki/ocsp-responder.ts'
import { freePort } from '../../support/free-port.ts'
import { resolveAs } from '../../support/engine/resolver.ts'
import { shakeHands } from '../../support/pki/openssl.ts'
import { waits } from '../../support/waits.ts'

const minuteMs = 60_000
const root = createTestAuthority({ commonName: 'Root' })
const authority = createTestAuthority({ commonName: 'Issuing', issuer: root })

let responder: TestResponder
let opened: TestEngine
let leaf: TestLeaf
/** Offset of the engine's clock alone: staples are judged by the real clock too. */
let aheadMs = 0

beforeAll(async () => {
  responder = await startResponder(authority)
})
afterAll(() => responder.close())
beforeEach(async () => {
  aheadMs = 0
  Object.assign(responder, { fault: 'none', asked: 0, last: Buffer.alloc(0), signer: own })
  leaf = issueTestLeaf(authority, { names: ['shop.test'], responder: responder.address }, [authority])
  responder.says(leaf.leafPem, 'good')
  opened = await openTestEngine(undefined, () => new Date(Date.now() + aheadMs), testEdge)
})
afterEach(() => opened.close())

const own = {
  leafPem: authority.certificatePem,
  keyPem: authority.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

async function serve(name = 'shop.test', served = leaf): Promise<void> {
  await opened.client.domains.add({ name, origin: originAt(9) })
  await enableByUpload(opened.client, name, served)
}

async function staple(...domains: string[]): Promise<void> {
  const tls = { ...defaultPolicies.tls, ocspStapling: true }
  await opened.client.domains.setPolicies({
    domains: domains.length ? domains : ['shop.test'],
    policies: { tls },
  })
}

async function stateOf(name = 'shop.test'): Promise<Stapling | null> {
  return (await opened.client.domains.get({ domain: name })).https.stapling
}

async function untilState(state: Stapling['state']): Promise<Stapling> {
  return vi.waitFor(
    async () => {
      const found = await stateOf()
      expect(found).toMatchObject({ state })
      return found as Stapling
    },
    { timeout: 20_000 },
  )
}

/** OpenSSL's report on the OCSP staple of a handshake. */
async function stapled(name = 'shop.test', ...more: string[]): Promise<string> {
  const { edge } = await opened.client.engine.status()
  return shakeHands(edge.https!.port, name, '-status', ...more)
}

const look = (pastMs: number) => {
  aheadMs += pastMs
  return opened.engine.context.parts.stapling!.look()
}

describe('stapling, as it ships', () => {
  beforeEach(async () => {
    await opened.close()
    const network = { responderAllowance: allowances.ocspResponder }
    opened = await openTestEngine(undefined, () => new Date(Date.now() + aheadMs), testEdge, network)
  })

  test.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', 'leads-here.test'])(
    'sends nothing to a responder of this computer that a certificate names as %s',
    async (host) => {
      const putBack = resolveAs({ 'leads-here.test': [['127.0.0.1']] })
      try {
        const address = responder.address.replace('127.0.0.1', host)
        leaf = issueTestLeaf(authority, { names: ['shop.test'], responder: address }, [authority])
        responder.says(leaf.leafPem, 'good')
        await serve()
        await staple()
        expect((await untilState('missing')).problem).toBe(
          'The certificate names a responder on this computer or in its network. Edgekeep sends nothing there.',
        )
        expect(responder.asked).toBe(0)
      } finally {
        putBack()
      }
    },
  )

  test('asks the revocation service of the local authority, and no other port of this computer', async () => {
    await opened.client.localCertificates.setRevocationService({ port: await freePort() })
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(9) })
    await opened.client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    await staple()
    await untilState('good')
  })
})

describe('stapling', () => {
  test('sends the answer of the responder along, in TLS 1.3 and 1.2', async () => {
    await serve()
    expect(await stateOf()).toBeNull()
    expect(await stapled()).toContain('OCSP response: no response sent')
    expect(responder.asked).toBe(0)
    await staple()
    const state = await untilState('good')
    expect(state).toMatchObject({ responder: responder.address, problem: null })
    expect(Date.parse(state.nextUpdate!)).toBeGreaterThan(Date.now() + 50 * minuteMs)
    for (const version of ['-tls1_3', '-tls1_2']) {
      const told = await stapled('shop.test', version)
      expect(told).toContain('OCSP Response Status: successful (0x0)')
      expect(told).toContain('Cert Status: good')
    }
  })

  test('asks once for the domains of one certificate, and staples only those that say so', async () => {
    const shared = { names: ['shop.test', 'img.shop.test', 'api.shop.test'], responder: responder.address }
    leaf = issueTestLeaf(authority, shared, [authority])
    responder.says(leaf.leafPem, 'good')
    await serve()
    const { https } = await opened.client.domains.get({ domain: 'shop.test' })
    for (const domain of ['img.shop.test', 'api.shop.test']) {
      await opened.client.domains.add({ name: domain, origin: originAt(9) })
      await opened.client.https.enable({
        domain,
        source: { type: 'vault', certificateId: https.certificate!.id },
      })
    }
    await staple('shop.test', 'img.shop.test')
    await untilState('good')
    expect(responder.asked).toBe(1)
    expect(await stapled('img.shop.test')).toContain('Cert Status: good')
    expect(await stapled('api.shop.test')).toContain('no response sent')
  })

  test('accepts a delegate of the issuer, and no other signer', async () => {
    responder.signer = issueTestLeaf(authority, { names: ['ocsp.test'], purposes: [ocspPurpose] })
    await serve()
    await staple()
    await untilState('good')
    expect(await stapled()).toContain('Cert Status: good')
  })

  test.each<[string, () => { leafPem: string; keyPem: string }]>([
    ['a certificate that is not for that', () => issueTestLeaf(authority, { names: ['ocsp.test'] })],
    [
      'a delegate of another authority',
      () => issueTestLeaf(root, { names: ['ocsp.test'], purposes: [ocspPurpose] }),
    ],
  ])('uses no answer signed by %s', async (_what, signer) => {
    responder.signer = signer()
    await serve()
    await staple()
    const { problem } = await untilState('missing')
    expect(problem).toContain('signed neither by the issuer')
    expect(await stapled()).toContain('no response sent')
  })

  test('uses no answer about another certificate', async () => {
    const other = issueTestLeaf(authority, { names: ['b.test'], responder: responder.address }, [authority])
    responder.says(other.leafPem, 'good')
    await serve('b.test', other)
    await staple('b.test')
    await vi.waitFor(() => expect(responder.last.length).toBeGreaterThan(0), waits)
    responder.fault = responder.last
    await serve()
    await staple()
    expect((await untilState('missing')).problem).toBe(
      'The answer cannot be used: it is about another certificate.',
    )
  })

  test.each<[TestResponder['fault'], RegExp]>([
    ['gone', /The responder cannot be reached/],
    ['status', /The responder answers with status 503\./],
    ['garbage', /The answer cannot be used: it is malformed/],
    ['endless', /The OCSP response is too large/],
    [Buffer.from('30030a0103', 'hex'), /the responder answers "tryLater"/],
  ])('says what is wrong where the responder is at fault: %s', async (fault, sentence) => {
    responder.fault = fault
    await serve()
    await staple()
    expect((await untilState('missing')).problem).toMatch(sentence)
    const told = await stapled()
    expect(told).toContain('no response sent')
    expect(told).toContain('BEGIN CERTIFICATE')
  })

  test('refreshes responses ahead of time, keeps them while the responder is down, and drops them at their end', async () => {
    await serve()
    await staple()
    const first = await untilState('good')
    await look(20 * minuteMs)
    expect(responder.asked).toBe(1)
    responder.fault = 'status'
    await look(11 * minuteMs)
    expect(responder.asked).toBe(2)
    const kept = await untilState('good')
    expect(kept).toMatchObject({
      nextUpdate: first.nextUpdate,
      problem: 'The responder answers with status 503.',
    })
    expect(await stapled()).toContain('Cert Status: good')
    // Retries after a minute, then with backoff.
    await look(0.5 * minuteMs)
    expect(responder.asked).toBe(2)
    await look(0.5 * minuteMs)
    expect(responder.asked).toBe(3)
    await look(29 * minuteMs)
    await untilState('missing')
    expect(await stapled()).toContain('no response sent')
    responder.fault = 'none'
    await look(60 * minuteMs)
    await vi.waitFor(async () => expect((await stateOf())?.problem).not.toContain('503'), waits)
  })

  test('drops an answer from the future, and asks again once the clock is right', async () => {
    await serve()
    await staple()
    await untilState('good')
    await look(-120 * minuteMs)
    const dropped = await untilState('missing')
    expect(dropped.problem).toContain('from the future')
    await look(120 * minuteMs)
    await untilState('good')
    expect(responder.asked).toBe(3)
  })

  test.each([40, 50 * 365 * 24 * 60])(
    'waits for no time noted under a clock that was %i minutes ahead',
    async (minutes) => {
      aheadMs = minutes * minuteMs
      await serve()
      await staple()
      await vi.waitFor(async () => expect((await stateOf())?.askedAt).not.toBeNull(), waits)
      await look(-minutes * minuteMs)
      await untilState('good')
      expect(responder.asked).toBe(2)
    },
  )

  test('sends nothing that says "revoked", and tells the domain', async () => {
    responder.says(leaf.leafPem, 'revoked')
    await serve()
    await staple()
    const { problem } = await untilState('revoked')
    expect(problem).toBe('The responder says that the certificate was revoked on 2026-11-01.')
    expect(await stapled()).toContain('no response sent')
    const [summary] = await opened.client.certificates.list()
    expect(summary).toMatchObject({ revoked: true })
    expect((await opened.client.domains.get({ domain: 'shop.test' })).https.certificate?.revoked).toBe(true)
    const check = await opened.client.domains.check({ domain: 'shop.test' })
    expect(check.ok).toBe(false)
    expect(check.steps).toContainEqual({
      id: 'revocation',
      title: 'Revocation',
      ok: false,
      seen: `${problem} Have a new one issued with a new key.`,
    })
  })

  test('tells whoever lists certificates that one is revoked, or is not', async () => {
    const listed = await opened.client.certificates.watch()
    const revokedIn = async () => {
      for await (const event of listed)
        if (event.type === 'changed' && event.items[0] && event.items[0].revoked !== null)
          return event.items[0].revoked
      return null
    }
    await serve()
    await staple()
    expect(await revokedIn()).toBe(false)
  })

  test('reports a certificate without a responder', async () => {
    await serve('shop.test', issueTestLeaf(authority, { names: ['shop.test'] }, [authority]))
    await staple()
    expect((await untilState('none')).problem).toBe('The certificate names no OCSP responder.')
    expect(await stapled()).toContain('no response sent')
  })

  test('reports a certificate with an unknown issuer', async () => {
    const lone = issueTestLeaf(authority, { names: ['shop.test'], responder: responder.address })
    responder.says(lone.leafPem, 'good')
    await serve('shop.test', lone)
    await staple()
    expect((await untilState('none')).problem).toBe('The certificate that issued it is not known here.')
  })

  test('ends with the policy, and sends no more requests', async () => {
    await serve()
    await staple()
    await untilState('good')
    await opened.client.domains.setPolicies({
      domains: ['shop.test'],
      policies: { tls: defaultPolicies.tls },
    })
    expect(await stateOf()).toBeNull()
    expect(await stapled()).toContain('no response sent')
    await look(60 * minuteMs)
    expect(responder.asked).toBe(1)
  })

  test('follows the certificate through a swap and a restart of the engine', async () => {
    await serve()
    await staple()
    await untilState('good')
    const next = issueTestLeaf(authority, { names: ['shop.test'], responder: responder.address }, [authority])
    responder.says(next.leafPem, 'good')
    await enableByUpload(opened.client, 'shop.test', next)
    await vi.waitFor(() => expect(responder.asked).toBe(2), waits)
    await vi.waitFor(async () => expect(await stapled()).toContain('Cert Status: good'), waits)
    opened = await opened.reopen()
    await vi.waitFor(async () => expect(await stapled()).toContain('Cert Status: good'), waits)
    expect(responder.asked).toBe(3)
  })
})
