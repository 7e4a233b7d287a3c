import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'

let opened: TestEngine
beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  await opened.client.domains.add({ name: 'münchen.test', origin: originAt(3000) })
})
afterAll(() => opened.close())

const enable = (names?: string[]) =>
  opened.client.https.enable({ domain: 'münchen.test', source: { type: 'free', names } })

test('a free certificate is called as a person writes its domain', async () => {
  const { domain } = await enable()
  expect(domain.https.certificate).toMatchObject({ name: 'münchen.test', dnsNames: ['xn--mnchen-3ya.test'] })
})

test('a free certificate covers more names than its domain, each once and in one spelling', async () => {
  const { domain, impact } = await enable(['WWW.münchen.test', '*.api.test', 'münchen.test'])
  const dnsNames = ['xn--mnchen-3ya.test', 'www.xn--mnchen-3ya.test', '*.api.test']
  expect(domain.https.certificate?.dnsNames).toEqual(dnsNames)
  expect(impact?.namesGained).toEqual(dnsNames.slice(1))
})

test('it is found by its name in either form', async () => {
  const { id } = await opened.client.certificates.find({ reference: 'münchen.test' })
  expect(await opened.client.certificates.find({ reference: 'xn--mnchen-3ya.test' })).toMatchObject({ id })
  const [issued] = (await opened.client.localCertificates.issued()).issued
  expect(issued).toMatchObject({
    title: 'münchen.test',
    names: expect.arrayContaining(['xn--mnchen-3ya.test']),
  })
})

test('a name that is none makes no certificate', async () => {
  const before = await opened.client.certificates.list()
  await expect(enable(['no name'])).rejects.toMatchObject({ code: 'domain.invalid' })
  expect(await opened.client.certificates.list()).toEqual(before)
})

test("the edge's own ports on this computer are no origin, others are", async () => {
  const { https, http } = opened.engine.context.parts.supervisor!.status()
  const set = (port: number, host: string) =>
    opened.client.domains.setOrigin({ domain: 'münchen.test', origin: originAt(port, host) })
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', '0.0.0.0']) {
    for (const port of [https!.port, http!.port])
      await expect(set(port, host)).rejects.toMatchObject({
        code: 'origin.invalid',
        message: expect.stringContaining('Edgekeep itself listens there') as string,
      })
  }
  await set(http!.port, 'example.test')
  await set(3000, '127.0.0.1')
})
