import { afterEach, describe, expect, test } from 'vitest'
import { obtain, openAcmeEngine, shownAt, type AcmeEngine } from '../support/acme/engine.ts'
import { originAt } from '../support/engine/engine.ts'
import { dayMs, lookAt, jumpingClock } from '../support/engine/jumping-clock.ts'
import { whyNoPebble } from '../support/acme/pebble.ts'
import { unless } from '../support/needs.ts'

let opened: AcmeEngine | undefined
afterEach(async () => {
  await opened?.close()
  opened = undefined
})

async function open(...options: Parameters<typeof openAcmeEngine>): Promise<AcmeEngine> {
  opened = await openAcmeEngine(...options)
  return opened
}

describe('A domain and a real Pebble, strict', unless(whyNoPebble()), () => {
  test('gets a certificate by http-01 at the edge, whatever its rules for HTTP are', async () => {
    const { client, ports } = await open()
    const states = await obtain(client, 'shop.test', {}, ['www.shop.test'])
    expect(states).toEqual([
      'caa',
      'ordering',
      ...['presenting', 'validating', 'presenting', 'validating'],
      'finalizing',
      'downloading',
      'storing',
      'done',
    ])
    const domain = await client.domains.get({ domain: 'shop.test' })
    expect(domain.https.certificate).toMatchObject({
      name: 'shop.test',
      kind: 'free',
      renewal: { by: 'acme', account: 'Pebble', attempts: 0, failure: null },
    })
    expect((await shownAt(ports.https, 'shop.test')).fingerprint).toBe(
      domain.https.certificate?.fingerprintSha256,
    )
    await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 308 } })
    const access = { ...domain.policies.access, allow: ['192.0.2.1'] }
    await client.domains.setPolicies({ domains: ['shop.test'], policies: { access } })
    const refused = await fetch(`http://127.0.0.1:${ports.http}/`, { headers: { host: 'shop.test' } })
    expect(refused.status).not.toBe(200)
    // One without www.shop.test would be worse, and takes a consent.
    await expect(obtain(client, 'shop.test')).rejects.toMatchObject({ code: 'certificate.worse' })
    expect(await obtain(client, 'shop.test', {}, ['www.shop.test'])).toContain('done')
    await client.https.pause({ domain: 'shop.test' })
    expect(await obtain(client, 'shop.test', {}, ['www.shop.test'])).toContain('done')
  })

  test('gets one by tls-alpn-01 in the handshake, and nobody else sees anything of it', async () => {
    const { client, ports } = await open({ sleepSeconds: 3 })
    for (const name of ['shop.test', 'other.test']) {
      await client.domains.add({ name, origin: originAt(9) })
      await client.https.enable({ domain: name, source: { type: 'free' } })
    }
    const { fingerprint } = await shownAt(ports.https, 'shop.test')
    const ordered = obtain(client, 'shop.test', { challenge: 'tls-alpn-01' })
    let shown: Awaited<ReturnType<typeof shownAt>> | undefined
    for (const endAt = Date.now() + 20_000; !shown && Date.now() < endAt;)
      shown = await shownAt(ports.https, 'shop.test', ['acme-tls/1']).catch(() => undefined)
    expect(shown).toMatchObject({ alpn: 'acme-tls/1' })
    expect(shown?.fingerprint).not.toBe(fingerprint)
    await expect(shownAt(ports.https, 'other.test', ['acme-tls/1'])).rejects.toThrow(
      /alert|protocol|closed|disconnected/i,
    )
    expect((await shownAt(ports.https, 'shop.test')).fingerprint).toBe(fingerprint)
    expect(await shownAt(ports.https, 'shop.test', ['acme-tls/1', 'h2'])).toMatchObject({
      fingerprint,
      alpn: 'h2',
    })
    expect(await ordered).toContain('done')
    await expect(shownAt(ports.https, 'shop.test', ['acme-tls/1'])).rejects.toThrow(
      /alert|protocol|closed|disconnected/i,
    )
  })

  test('shows the authority’s error, and keeps serving the old certificate', async () => {
    const { client, ports } = await open({ httpPort: 1 })
    await client.domains.add({ name: 'shop.test', origin: originAt(9) })
    await client.https.enable({ domain: 'shop.test', source: { type: 'free' } })
    const before = await shownAt(ports.https, 'shop.test')
    await expect(obtain(client, 'shop.test')).rejects.toMatchObject({
      code: 'acme.validation_failed',
      data: { name: 'shop.test', problem: { type: 'connection' } },
    })
    expect(await shownAt(ports.https, 'shop.test')).toEqual(before)
    expect(await client.certificates.list()).toHaveLength(1)
  })

  test('renews automatically when two thirds of its life are over, also where the clock jumps', async () => {
    const clock = jumpingClock()
    const { client, engine, ports } = await open({ validitySeconds: 6 * 86_400 }, clock.now)
    await obtain(client, 'shop.test')
    const { renewal } = engine.context.parts
    const before = await shownAt(ports.https, 'shop.test')
    await renewal?.look()
    expect((await shownAt(ports.https, 'shop.test')).fingerprint).toBe(before.fingerprint)
    await lookAt(clock, 5.5 * dayMs, { engine })
    const after = await shownAt(ports.https, 'shop.test')
    expect(after.fingerprint).not.toBe(before.fingerprint)
    const [row] = await client.audit.list({ limit: 10 })
    expect(row?.action).toMatch(/renew/)
    const { https } = await client.domains.get({ domain: 'shop.test' })
    expect(https.certificate?.name).toBe('shop.test')
    expect(https.previousCertificate?.name).toMatch(/^shop\.test \(until /)
  })
})
