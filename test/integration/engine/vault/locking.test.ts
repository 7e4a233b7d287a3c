import { readdirSync, renameSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Client } from '../../../../src/client/client.ts'
import type { Domain } from '../../../../src/contract/domains/domains.ts'
import type { EngineStatus } from '../../../../src/contract/engine/engine-status.ts'
import { commit } from '../../../../src/engine/core/commit.ts'
import type { EngineParts } from '../../../../src/engine/engine-parts.ts'
import { verificationState } from '../../../../src/domain/verification-state.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { createTestAuthority, issueTestLeaf } from '../../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  testEdge,
  uploads,
  type TestEngine,
} from '../../../support/engine/engine.ts'
import { codeOf } from '../../../support/vault/recovery.ts'
import { startOrigin, type TestOrigin } from '../../../support/edge/origin.ts'

deriveCheaply()

const authority = createTestAuthority()
const shop = issueTestLeaf(authority, { names: ['shop.test'] })
const passphrase = 'correct horse battery staple'

let opened: TestEngine
let client: Client
const now = new Date('2026-11-24T12:00:00.000Z')
let uptime = 1_000_000

beforeEach(async () => {
  await use(await openTestEngine(undefined, () => now, testEdge, { uptime: () => uptime }))
  await client.domains.add({ name: 'shop.test', origin: originAt(1) })
  await enableByUpload(client, 'shop.test', shop)
})
afterEach(() => opened.close())

async function use(engine: TestEngine): Promise<void> {
  opened = engine
  client = engine.client
}

function code(expected: string) {
  return expect.objectContaining({ code: expected })
}

/** Whether the edge answers a handshake for the name with a certificate that the test's authority has signed. */
async function handshake(servername = 'shop.test'): Promise<boolean> {
  const port = (await client.engine.status()).edge.https?.port ?? 0
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connectTls({ host: '127.0.0.1', port, servername, ca: authority.certificatePem })
  socket.once('secureConnect', () => resolve(true)).once('error', () => resolve(false))
  const done = await promise
  socket.destroy()
  return done
}

function getFrom(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: '127.0.0.1', port, path, headers: { host: 'shop.test' } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    asked.once('error', reject)
  })
}

async function until<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    const value = await read()
    if (holds(value)) return value
    if (tries > 500) throw new Error('It did not come true')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function killWorker(): Promise<void> {
  const { workerPids, restarts } = (await client.engine.status()).edge
  process.kill(workerPids[0]!, 'SIGKILL')
  await until(
    () => client.engine.status(),
    ({ edge, configuration }) =>
      edge.restarts > restarts && edge.state === 'running' && configuration.inEffect !== null,
  )
}

describe('a locked vault', () => {
  test('leaves the edge serving, and refuses changes', async () => {
    const protection = await client.vault.lock()
    expect(protection).toMatchObject({ protector: 'key-file', locked: true })
    expect(protection.lockReason).toContain('it was locked on request')
    expect(await handshake()).toBe(true)
    expect((await client.engine.status()).edge.problem).toBeNull()
    expect((await client.domains.list()).map(({ name }) => name)).toEqual(['shop.test'])
    expect(await client.certificates.list()).toHaveLength(1)
    const refused: (() => Promise<unknown>)[] = [
      () => client.domains.add({ name: 'b.test', origin: originAt(1) }),
      () => client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 301 } }),
      () => client.domains.remove({ domain: 'shop.test' }),
      () => client.https.pause({ domain: 'shop.test' }),
      () => client.https.disable({ domain: 'shop.test' }),
      () => client.https.enable({ domain: 'shop.test', source: { type: 'free' } }),
      () => client.staging.open({ files: uploads(shop) }),
      () => client.vault.rotate({}),
      () => client.vault.protect({ protector: 'key-file' }),
      () => client.vault.setLocking({ autoLockMinutes: null, stopServing: true }),
      () => client.vault.backUp({ passphrase }),
      () => client.audit.verify(),
    ]
    for (const call of refused) await expect(call()).rejects.toThrow(code('vault.locked'))
    expect(await client.vault.unlock({})).toMatchObject({ locked: false, lockReason: null })
    await client.domains.add({ name: 'b.test', origin: originAt(1) })
    expect(await client.audit.verify()).toMatchObject({ ok: true })
  })

  test('replaces a worker that has an erased key before it locks, and the new one serves the rest', async () => {
    await client.domains.add({ name: 'b.test', origin: originAt(1) })
    await enableByUpload(client, 'b.test', issueTestLeaf(authority, { names: ['b.test'] }))
    const [before] = (await client.engine.status()).edge.workerPids
    await client.https.disable({ domain: 'b.test' })
    await client.vault.lock()
    const { edge } = await client.engine.status()
    expect(edge.workerPids).toHaveLength(1)
    expect(edge.workerPids).not.toContain(before)
    expect(await handshake()).toBe(true)
    expect(await handshake('b.test')).toBe(false)
  })

  test('leaves the edge with what it serves also where changes were on their way to it', async () => {
    const { vault } = opened.engine.context.parts
    const add = async (name: string) => {
      const before = vault.configurationVersion()
      const added = client.domains.add({ name, origin: originAt(1) })
      while (vault.configurationVersion() === before) await Promise.resolve()
      return { added }
    }
    // The first is on its way to the worker, and the second waits for that.
    const adding = [await add('b.test'), await add('c.test')]
    await client.vault.lock()
    await Promise.all(adding.map(({ added }) => added))
    expect(await handshake()).toBe(true)
    await client.vault.unlock({})
    const { version, inEffect } = (await client.engine.status()).configuration
    expect(inEffect).toBe(version)
  })

  test('has wiped the uploads that waited for their decision', async () => {
    const { stagingId } = await client.staging.open({ files: uploads(shop) })
    await client.vault.lock()
    await client.vault.unlock({})
    const enabling = client.https.enable({
      domain: 'shop.test',
      source: { type: 'upload', stagingId, keep: false },
    })
    await expect(enabling).rejects.toThrow(code('staging.expired'))
  })

  test('an upload waits for fifteen minutes, in which the computer may sleep', async () => {
    const { stagingId } = await client.staging.open({ files: uploads(shop) })
    uptime += 14 * 60_000
    await client.staging.add({ stagingId, files: uploads(shop) })
    uptime += 15 * 60_000
    await expect(client.staging.add({ stagingId, files: uploads(shop) })).rejects.toThrow(
      code('staging.expired'),
    )
  })

  test('stops HTTPS where that was chosen, and it is back with the unlocking', async () => {
    const locking = { autoLockMinutes: null, stopServing: true }
    expect(await client.vault.setLocking(locking)).toEqual(locking)
    await client.vault.lock()
    expect(await handshake()).toBe(false)
    const { edge, locking: told } = await client.engine.status()
    expect(told).toEqual(locking)
    expect(edge.problem).toMatchObject({ code: 'edge.without_keys' })
    expect(edge.problem?.message).toContain('shop.test cannot be reached over HTTPS')
    await client.vault.unlock({})
    expect(await handshake()).toBe(true)
    expect((await client.engine.status()).edge.problem).toBeNull()
  })

  test('gives no keys to a restarted worker, and reports that', async () => {
    await client.vault.lock()
    await killWorker()
    expect(await handshake()).toBe(false)
    const { edge, protection } = await client.engine.status()
    expect([edge.state, edge.problem?.code]).toEqual(['running', 'edge.without_keys'])
    expect(protection.locked).toBe(true)
    await client.vault.unlock({})
    expect(await handshake()).toBe(true)
  })
})

describe('a domain that redirects to HTTPS, while the edge has no key for it', () => {
  let site: TestOrigin

  beforeEach(async () => {
    site = await startOrigin((_request, response) => response.end('the site itself'))
    const { port } = site
    await client.domains.setOrigin({ domain: 'shop.test', origin: originAt(port) })
    await client.domains.setRedirect({ domain: 'shop.test', redirect: { mode: 'https', code: 301 } })
  })
  afterEach(() => site.close())

  /** Requests the domain over plain HTTP. */
  async function overHttp(path = '/'): Promise<{ status: number; text: string }> {
    const port = (await client.engine.status()).edge.http?.port ?? 0
    return getFrom(port, path)
  }

  async function stateTold() {
    const { domains, edge } = await client.engine.status()
    const { https } = await client.domains.get({ domain: 'shop.test' })
    return { domains, problem: edge.problem?.code ?? null, outage: https.outage }
  }
  const served = { domains: { total: 1, onHttps: 1, down: 0 }, problem: null, outage: null }
  const down = {
    domains: { total: 1, onHttps: 0, down: 1 },
    problem: 'edge.without_keys',
    outage: 'vault-locked',
  }

  test('is answered 503 over HTTP, never with the site, and told everywhere, until it is unlocked', async () => {
    expect((await overHttp()).status).toBe(301)
    await client.vault.lock()
    expect([(await overHttp()).status, await stateTold()]).toEqual([301, served])
    await killWorker()
    const answer = await overHttp()
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('HTTPS is down for shop.test: the vault is locked')
    expect(answer.text).not.toContain('the site itself')
    expect(await stateTold()).toEqual(down)
    await client.vault.unlock({})
    expect([(await overHttp()).status, await stateTold()]).toEqual([301, served])
  })

  test('goes on serving the paths that are never redirected', async () => {
    await client.domains.setPolicies({
      domains: ['shop.test'],
      policies: { redirect: { except: ['/.well-known/*'] } },
    })
    await client.vault.lock()
    await killWorker()
    expect(await overHttp('/.well-known/x')).toEqual({ status: 200, text: 'the site itself' })
    expect((await overHttp('/x')).status).toBe(503)
  })

  test('is told to every window that watches the list, when locking stops HTTPS', async () => {
    await client.vault.setLocking({ autoLockMinutes: null, stopServing: true })
    const watching = await client.domains.watch()
    await watching.next()
    const outageTold = async () => {
      const { value } = await watching.next()
      const event = value as { type: string; items?: Domain[] }
      return event.items?.[0] ? event.items[0].https.outage : event.type
    }
    await client.vault.lock()
    expect(await outageTold()).toBe('vault-locked')
    expect([(await overHttp()).status, await stateTold()]).toEqual([503, down])
    await client.vault.unlock({})
    expect(await outageTold()).toBeNull()
    await watching.return?.(undefined)
  })

  test('is not verified: the report says first why, and nothing calls the last good one true', async () => {
    expect((await client.domains.check({ domain: 'shop.test' })).ok).toBe(false)
    await client.vault.lock()
    await killWorker()
    const { ok, summary, steps } = await client.domains.check({ domain: 'shop.test' })
    expect([ok, steps[0]]).toMatchObject([false, { id: 'key', ok: false }])
    expect(summary).toContain('the vault is locked')
    expect(verificationState(await client.domains.get({ domain: 'shop.test' }), new Date())).toBe('down')
  })

  test('is down as well where its key is damaged and the vault is open', async () => {
    const { keys } = opened.engine.context.parts.vault
    const opening = vi.spyOn(keys, 'withKey').mockImplementation(() => {
      throw new Error('damaged')
    })
    await client.vault.lock()
    await killWorker()
    await client.vault.unlock({})
    expect(await stateTold()).toEqual({ ...down, problem: 'edge.keys_unreadable', outage: 'key-unreadable' })
    const answer = await overHttp()
    expect([answer.status, answer.text.includes('its key cannot be read')]).toEqual([503, true])
    opening.mockRestore()
    await client.domains.add({ name: 'b.test', origin: originAt(1) })
    expect((await stateTold()).outage).toBeNull()
  })
})

describe('an engine whose protector fails', () => {
  test('starts, says why its vault is locked, and serves once the protector works', async () => {
    const { folder } = opened
    const name = readdirSync(folder).find((file) => file.endsWith('.key'))!
    const [there, away] = [join(folder, name), join(folder, 'away')]
    renameSync(there, away)
    await use(await opened.reopen())
    const { protection, edge } = await client.engine.status()
    expect(protection.lockReason).toContain('its key file is missing')
    expect(edge).toMatchObject({ state: 'running', problem: { code: 'edge.without_keys' } })
    expect(await client.certificates.list()).toHaveLength(1)
    await expect(client.vault.unlock({})).rejects.toThrow(code('vault.locked'))
    expect(readdirSync(folder).filter((file) => file.endsWith('.key'))).toEqual([])
    renameSync(away, there)
    await client.vault.unlock({})
    expect(await handshake()).toBe(true)
  })
})

describe('a vault under a passphrase', () => {
  beforeEach(async () => {
    const proof = await codeOf(opened)
    const { protection } = await client.vault.protect({ protector: 'passphrase', passphrase, proof })
    expect(protection).toMatchObject({ protector: 'passphrase', weak: false, locked: false })
  })

  test('starts locked and serves from the moment of its unlocking', async () => {
    await use(await opened.reopen())
    const { protection, edge, domains } = await client.engine.status()
    expect(protection).toMatchObject({ locked: true })
    expect(edge).toMatchObject({ state: 'running', problem: { code: 'edge.without_keys' } })
    expect(domains).toEqual({ total: 1, onHttps: 0, down: 1 })
    expect(await handshake()).toBe(false)
    await expect(client.vault.unlock({})).rejects.toThrow(code('vault.passphrase_needed'))
    await expect(client.vault.unlock({ passphrase: `${passphrase}!` })).rejects.toThrow(
      code('vault.wrong_passphrase'),
    )
    expect(await client.vault.unlock({ passphrase })).toMatchObject({ locked: false })
    expect(await handshake()).toBe(true)
    const [last] = await client.audit.list({ limit: 1 })
    expect(last).toMatchObject({ action: 'vault.unlock' })
  })

  test('tells every window that it is locked and open again', async () => {
    const watching = await client.engine.watch()
    await watching.next()
    await client.vault.lock()
    const isLocked = async () => {
      const { value } = await watching.next()
      return (value as EngineStatus).protection.locked
    }
    expect(await isLocked()).toBe(true)
    await client.vault.unlock({ passphrase })
    expect(await until(isLocked, (locked) => !locked)).toBe(false)
    await watching.return?.(undefined)
  })

  test('is set to one of eight characters or more, and is the same letters however they are typed', async () => {
    const short = client.vault.protect({ protector: 'passphrase', passphrase: 'sieben7' })
    await expect(short).rejects.toThrow('Input validation failed')
    const proof = { passphrase }
    const [composed, decomposed] = ['caf\u00e9 caf\u00e9', 'cafe\u0301 cafe\u0301']
    await client.vault.protect({ protector: 'passphrase', passphrase: decomposed, proof })
    for (const typed of [composed, decomposed]) {
      await client.vault.lock()
      await client.vault.unlock({ passphrase: typed })
    }
  })

  test('locks itself when nobody changes anything or uses a window', { timeout: 30_000 }, async () => {
    await client.vault.setLocking({ autoLockMinutes: 10, stopServing: false })
    uptime += 9 * 60_000
    await client.vault.stayOpen()
    uptime += 9 * 60_000
    // A renewal is the engine's own act: it does not postpone the auto-lock.
    const parts: EngineParts = { ...opened.engine.context.parts, actor: 'engine' }
    await commit(parts, () => ({
      record: { action: 'certificate.renew', subject: 'c', before: null, after: null },
    }))
    await new Promise((resolve) => setTimeout(resolve, 5500))
    expect((await client.engine.status()).protection.locked).toBe(false)
    uptime += 2 * 60_000
    const { protection } = await until(
      () => client.engine.status(),
      (status) => status.protection.locked,
    )
    expect(protection.lockReason).toContain('it was not used for 10 minutes')
    expect(await handshake()).toBe(true)
    expect(await client.audit.list({ limit: 1 })).toMatchObject([{ actor: 'engine', action: 'vault.lock' }])
  })
})
