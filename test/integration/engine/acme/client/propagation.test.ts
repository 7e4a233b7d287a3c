import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AskedServer } from '../../../../../src/contract/errors/asked-server.ts'
import { updateTxt } from '../../../../../src/engine/acme/client/dns-update.ts'
import { nameServersBy } from '../../../../../src/engine/acme/client/name-servers.ts'
import { waitForRecord } from '../../../../../src/engine/acme/client/propagation.ts'
import { startBind, whyNoBind, type Bind } from '../../../../support/acme/bind.ts'
import { unless } from '../../../../support/needs.ts'

const records = {
  'shop.test': [
    '@ NS ns',
    '@ NS ns2',
    'ns A 127.0.0.1',
    'ns2 A 127.0.0.2',
    '_acme-challenge.alias CNAME there.other.test.',
    '_acme-challenge.round CNAME _acme-challenge.about',
    '_acme-challenge.about CNAME _acme-challenge.round',
  ],
  'silent.test': ['@ NS ns', 'ns A 127.0.0.9'],
  'nowhere.test': ['@ NS ns.nowhere.invalid.'],
}

/** Two BINDs: the second, 127.0.0.2 in the zone, transfers the zone from the first, seconds later. */
describe('waiting for the name servers of a zone', unless(whyNoBind()), () => {
  let primary: Bind
  let secondary: Bind
  const ports = new Map<string, string>()
  beforeAll(async () => {
    primary = await startBind({ zones: [...Object.keys(records), 'other.test'], records })
    secondary = await startBind({
      zones: ['shop.test'],
      secondaryOf: { port: primary.port, refreshSeconds: 3 },
    })
    ports.set('127.0.0.1', `127.0.0.1:${primary.port}`).set('127.0.0.2', `127.0.0.1:${secondary.port}`)
  })
  afterAll(async () => {
    await secondary?.close()
    await primary?.close()
  })

  const change = (act: 'add' | 'remove', name: string, value: string, zone = 'shop.test') =>
    updateTxt(
      { server: '127.0.0.1', port: primary.port, zone, keyName: 'acme', algorithm: 'hmac-sha256' },
      Buffer.from(primary.secret, 'base64'),
      { act, name, value },
    )

  const wait = (
    name: string,
    value: string,
    {
      seconds = 30,
      signal,
      told = [],
    }: { seconds?: number; signal?: AbortSignal; told?: AskedServer[][] } = {},
  ) =>
    waitForRecord(
      { name, value },
      {
        nameServers: nameServersBy({
          resolver: [`127.0.0.1:${primary.port}`],
          portAt: (address) => ports.get(address) ?? '127.0.0.1:9',
        }),
        waitSeconds: seconds,
        signal,
        onRound: (servers) => told.push(servers),
      },
    )

  test('ends when the last of them has the record, and says who has it meanwhile', async () => {
    const name = '_acme-challenge.a.shop.test'
    await change('add', name, 'old')
    expect(await wait(name, 'old')).toBe('everywhere')
    // The second server may transfer the zone during the change: after it, or without any record.
    let told: AskedServer[][] = []
    let value = 'old'
    const isBehind = ({ state, says }: AskedServer) => state === 'missing' && says !== ''
    for (let count = 1; count <= 10 && !told[0]?.slice(1).some(isBehind); count += 1) {
      await change('remove', name, value)
      value = `new ${count}`
      told = []
      await change('add', name, value)
      expect(await wait(name, value, { told })).toBe('everywhere')
    }
    expect(told[0]).toEqual([
      { server: 'ns.shop.test (127.0.0.1)', state: 'found', says: `"${value}"` },
      {
        server: 'ns2.shop.test (127.0.0.2)',
        state: 'missing',
        says: expect.stringMatching(/^"(old|new \d)"$/) as string,
      },
    ])
    expect(told.at(-1)?.map(({ state }) => state)).toEqual(['found', 'found'])
    expect(await secondary.txt(name)).toEqual([value])
  })

  test('says after its time which server says what', async () => {
    const name = '_acme-challenge.b.shop.test'
    await change('add', name, 'one')
    await change('add', name, 'two')
    await wait(name, 'one')
    const failed = wait(name, 'three', { seconds: 1 })
    await expect(failed).rejects.toMatchObject({
      code: 'acme.dns_not_propagated',
      data: { name, value: 'three', seconds: 1 },
    })
    await expect(failed).rejects.toThrow(/ns\.shop\.test \(127\.0\.0\.1\) says "(one|two)", "(one|two)"; ns2/)
    await expect(wait('_acme-challenge.none.shop.test', 'x', { seconds: 1 })).rejects.toThrow(
      'ns2.shop.test (127.0.0.2) has no such record',
    )
  })

  test('is cancelled at once', async () => {
    const cancel = new AbortController()
    const waiting = wait('_acme-challenge.none.shop.test', 'x', { signal: cancel.signal })
    cancel.abort(new Error('cancelled here'))
    await expect(waiting).rejects.toThrow('cancelled here')
  })

  test('asks the servers of the zone that an alias leads to', async () => {
    await change('add', 'there.other.test', 'beyond', 'other.test')
    const told: AskedServer[][] = []
    expect(await wait('_acme-challenge.alias.shop.test', 'beyond', { told })).toBe('everywhere')
    expect(told).toEqual([[{ server: 'ns.other.test (127.0.0.1)', state: 'found', says: '"beyond"' }]])
  })

  test('is not held by aliases that go round, nor by a zone whose servers nobody finds', async () => {
    await expect(wait('_acme-challenge.round.shop.test', 'x', { seconds: 1 })).resolves.toBe('unknown')
    await expect(wait('_acme-challenge.nowhere.test', 'x', { seconds: 1 })).resolves.toBe('unknown')
  })

  test('gives servers up that never answer, and goes on', async () => {
    const told: AskedServer[][] = []
    expect(await wait('_acme-challenge.silent.test', 'x', { told })).toBe('unknown')
    expect(told).toHaveLength(3)
    expect(told[0]).toMatchObject([{ server: 'ns.silent.test (127.0.0.9)', state: 'silent' }])
  })

  test('makes visible what a server says, and cuts it', async () => {
    const name = '_acme-challenge.odd.shop.test'
    await change('add', name, `\u001b[2J${'long'.repeat(50)}`)
    const failed = wait(name, 'x', { seconds: 1 })
    await expect(failed).rejects.toThrow(String.raw`says "\u001b[2Jlonglong`)
    await expect(failed).rejects.not.toThrow('long'.repeat(40))
  })

  test('nobody waits for a resolver that does not answer', async () => {
    const nameServers = nameServersBy({ resolver: ['127.0.0.1:9'] })
    const of = { nameServers, waitSeconds: 30, signal: undefined, onRound: () => undefined }
    expect(await waitForRecord({ name: '_acme-challenge.shop.test', value: 'x' }, of)).toBe('unknown')
  })
})
