import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dnsPort, proxyPort } from '../../../src/engine/core/settings.ts'
import { openTestEngine, originAt, testEdge, type TestEngine } from '../../support/engine/engine.ts'
import { freePort } from '../../support/free-port.ts'
import { unless } from '../../support/needs.ts'
import { noStranger, startSquatter, type Squatter } from '../../support/processes/squatter.ts'

let opened: TestEngine
const squatters: Squatter[] = []
beforeEach(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
})
afterEach(async () => {
  await opened.close()
  for (const squatter of squatters.splice(0)) await squatter.end()
})

async function squat(port: number, how?: { udp?: boolean; body?: string }): Promise<Squatter> {
  const squatter = await startSquatter(port, how)
  squatters.push(squatter)
  return squatter
}
const look = () => opened.engine.context.parts.portWatch!.look()
const conflicts = async () => (await opened.client.engine.status()).portConflicts
const logged = () => readFileSync(join(opened.folder, 'logs', 'engine.log'), 'utf8')

/** Restarts the engine; another user takes the port in between. */
async function squattedWhileEnded(port: number, how?: { udp?: boolean; body?: string }): Promise<Squatter> {
  const { folder } = opened
  await opened.engine.close()
  const squatter = await squat(port, how)
  opened = await openTestEngine(folder, undefined, testEdge)
  return squatter
}

describe('A kept port that another user took while Edgekeep did not run', unless(noStranger), () => {
  test('is reported at the start by uid and program, everywhere, if it is the PAC file’s', async () => {
    const port = await freePort()
    await opened.client.names.setProxy({ port })
    await opened.client.domains.add({ name: 'shop.test', origin: originAt(9) })
    const squatter = await squattedWhileEnded(port, { body: 'function FindProxyForURL() {}' })
    const [conflict, ...others] = await conflicts()
    expect(others).toEqual([])
    expect(conflict).toMatchObject({
      use: 'proxy',
      port,
      holder: { uid: squatter.uid, user: 'nobody', pid: squatter.pid, isStranger: true },
      endedAt: null,
    })
    const sentence = `Port ${port} for the PAC file is held by ${conflict!.holder.program} (process ${squatter.pid}) of user nobody (uid ${squatter.uid}).`
    expect((await opened.client.names.status({})).portConflicts).toEqual([conflict])
    const check = await opened.client.domains.check({ domain: 'shop.test' })
    expect(check).toMatchObject({ ok: false })
    expect(check.steps).toContainEqual(
      expect.objectContaining({ id: 'port-proxy', ok: false, seen: expect.stringContaining(sentence) }),
    )
    expect(logged()).toContain(sentence)
  })

  test.each(['dns', 'revocation', 'acme'] as const)('is reported too if it is for %s', async (use) => {
    const port = await freePort()
    const { client } = opened
    if (use === 'revocation') await client.localCertificates.setRevocationService({ port })
    if (use === 'acme') await client.acmeServer.set({ enabled: true, port })
    if (use === 'dns') dnsPort.store(opened.engine.context.parts.vault, port)
    const { uid, pid } = await squattedWhileEnded(port, { udp: use === 'dns' })
    expect(await conflicts()).toMatchObject([{ use, port, holder: { uid, pid, isStranger: true } }])
  })

  test('is taken back as soon as it is free, and stays reported, since browsers may still use what they got', async () => {
    const port = await freePort()
    await opened.client.names.setProxy({ port })
    const squatter = await squattedWhileEnded(port)
    squatters.length = 0
    await squatter.end()
    await look()
    const [conflict] = await conflicts()
    expect(conflict!.endedAt).not.toBeNull()
    expect(await (await fetch(`http://127.0.0.1:${port}/proxy.pac`)).text()).toContain('FindProxyForURL')
    expect(logged()).toContain('Edgekeep has it again')
    // The engine has it: a restart of the stranger fails.
    await expect(startSquatter(port)).rejects.toThrow('EADDRINUSE')
    await look()
    expect(await conflicts()).toEqual([conflict])
  })

  test('makes one conflict and few lines, however often the program is started again', async () => {
    const port = await freePort()
    await opened.client.names.setProxy({ port })
    const first = await squattedWhileEnded(port)
    squatters.length = 0
    await first.end()
    const second = await squat(port)
    await look()
    await look()
    expect(await conflicts()).toHaveLength(1)
    expect(logged().match(/is held by/g)).toHaveLength(1)
    expect(second.pid).not.toBe(first.pid)
  })
})

test('a program of the same user on a kept port is reported as that, and forgotten when it ends', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const { port } = server.address() as AddressInfo
  proxyPort.store(opened.engine.context.parts.vault, port)
  await look()
  expect(await conflicts()).toMatchObject([{ use: 'proxy', port, endedAt: null }])
  if (process.platform === 'linux')
    expect(await conflicts()).toMatchObject([{ holder: { pid: process.pid, isStranger: false } }])
  await new Promise((closed) => server.close(closed))
  await look()
  expect(await conflicts()).toEqual([])
  expect((await opened.client.names.proxy()).port).toBe(port)
})
