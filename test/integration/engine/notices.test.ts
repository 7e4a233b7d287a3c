import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createRouterClient } from '@orpc/server'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import type { NoticeSettings } from '../../../src/contract/notices/notices.ts'
import { router } from '../../../src/engine/engine.ts'
import { createNoticeSchedule } from '../../../src/engine/notices/notice-schedule.ts'
import { enableByUpload, openTestEngine, originAt, type TestEngine } from '../../support/engine/engine.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { posixOnly } from '../../support/needs.ts'

const dayMs = 86_400_000
const token = 'planted-T0KEN-of-the-webhook'
const notAfter = new Date(Math.floor(Date.now() / 1000) * 1000 + 20 * dayMs)
const notBefore = new Date(notAfter.getTime() - 400 * dayMs)
const leaf = issueTestLeaf(createTestAuthority(), { names: ['shop.test'], notBefore, notAfter })

let now: Date
let opened: TestEngine
let client: Client

beforeEach(async () => {
  now = new Date()
  opened = await openTestEngine(undefined, () => now)
  client = clientOf('command line')
  await client.domains.add({ name: 'shop.test', origin: originAt(9) })
  await enableByUpload(client, 'shop.test', leaf)
})
afterEach(() => {
  vi.restoreAllMocks()
  return opened.close()
})

function clientOf(actor: 'window' | 'command line'): Client {
  return createRouterClient(router, { context: opened.engine.contextFor(actor) }) as Client
}

/** Looks once, as the engine does every minute. */
async function look() {
  const schedule = createNoticeSchedule(opened.engine.context.parts)
  await schedule.look()
  schedule.close()
}

interface Received {
  url: string
  body: string
}

/** Server on this computer; `answer` is what it says to the next requests. */
async function startReceiver() {
  const received: Received[] = []
  const receiver = {
    received,
    answer: (response: ServerResponse): void => void response.end('ok'),
    origin: '',
  }
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    received.push({ url: request.url ?? '', body: await text(request) })
    receiver.answer(response)
  }
  const server = createHttpServer((request, response) => void take(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  receiver.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}

/** Writes to the database as another program could. */
function editVault(statement: string): void {
  const database = new Database(join(opened.folder, 'vault.db'))
  database.exec(statement)
  database.close()
}

const add = (settings: NoticeSettings, secret?: string) =>
  client.notices.add({ name: 'mine', settings, secret })

describe('a webhook', () => {
  test('gets what needs a person once: names and dates, in JSON, and no path of it is shown', async () => {
    const receiver = await startReceiver()
    const channel = await add({ kind: 'webhook' }, `${receiver.origin}/hook?key=${token}`)
    expect(channel).toMatchObject({ name: 'mine', place: receiver.origin, last: null })
    await look()
    await look()
    expect(receiver.received).toHaveLength(1)
    const [{ url, body } = { url: '', body: '{}' }] = receiver.received
    expect(url).toBe(`/hook?key=${token}`)
    expect(JSON.parse(body)).toMatchObject({
      source: 'edgekeep',
      isTest: false,
      notices: [{ cause: 'expiring', names: ['shop.test'], notAfter: notAfter.toISOString() }],
    })
    expect(await client.notices.list()).toMatchObject([{ last: { ok: true, sentence: 'It took a notice.' } }])
    now = new Date(now.getTime() + 15 * dayMs)
    await look()
    expect(receiver.received).toHaveLength(2)
  })

  test('is tried again with backoff until it takes the notice, and no redirect is followed', async () => {
    const receiver = await startReceiver()
    const other = await startReceiver()
    await add({ kind: 'webhook' }, `${receiver.origin}/${token}`)
    receiver.answer = (response) => void response.writeHead(302, { location: other.origin }).end()
    await look()
    const [failed] = await client.notices.list()
    expect(failed?.last).toMatchObject({ ok: false })
    expect(failed?.last?.sentence).toBe(
      '"mine" did not take the notice: it redirects (302), which is not followed.',
    )
    await look()
    expect(receiver.received).toHaveLength(1)
    now = new Date(now.getTime() + 61_000)
    receiver.answer = (response) => void response.end()
    await look()
    expect(receiver.received).toHaveLength(2)
    expect(other.received).toEqual([])
  })

  test('names the timeout of one that does not answer', async () => {
    const receiver = await startReceiver()
    receiver.answer = () => undefined
    await add({ kind: 'webhook' }, receiver.origin)
    const { timeout } = AbortSignal
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout.call(AbortSignal, 200))
    await expect(client.notices.test({ reference: 'mine' })).rejects.toMatchObject({
      data: { reason: 'there was no answer in time' },
    })
  })

  test('gets notices of certificates where trust cannot be read', async () => {
    const receiver = await startReceiver()
    await add({ kind: 'webhook' }, receiver.origin)
    vi.spyOn(opened.engine.context.parts.vault.authority, 'list').mockImplementation(() => {
      throw new Error('unreadable')
    })
    await look()
    expect(receiver.received).toHaveLength(1)
  })

  test('gets no loss of trust that is over by the time of the next attempt', async () => {
    const receiver = await startReceiver()
    const { bundle } = await client.trust.env()
    const content = readFileSync(bundle)
    rmSync(bundle)
    await add({ kind: 'webhook' }, receiver.origin)
    receiver.answer = (response) => void response.writeHead(500).end()
    const schedule = createNoticeSchedule(opened.engine.context.parts)
    onTestFinished(() => schedule.close())
    await schedule.look()
    writeFileSync(bundle, content)
    now = new Date(now.getTime() + 61_000)
    await schedule.look()
    const lost = expect.stringContaining('trust-lost') as string
    expect(receiver.received.map(({ body }) => body)).toEqual([
      lost,
      expect.not.stringContaining('trust-lost'),
    ])
  })

  test('gets each notice once after its record of deliveries was damaged', async () => {
    const receiver = await startReceiver()
    await add({ kind: 'webhook' }, receiver.origin)
    editVault(`UPDATE notice_channels SET state = '{}'`)
    await look()
    await look()
    expect(receiver.received).toHaveLength(1)
    expect(await client.notices.list()).toMatchObject([{ last: { ok: true } }])
  })

  test('is tried again once a clock that was ahead is right', async () => {
    const receiver = await startReceiver()
    await add({ kind: 'webhook' }, receiver.origin)
    const right = now
    now = new Date(right.getTime() + 3 * dayMs)
    receiver.answer = (response) => void response.writeHead(500).end()
    await look()
    now = right
    receiver.answer = (response) => void response.end()
    await look()
    expect(receiver.received).toHaveLength(2)
  })

  test('keeps its secret out of lists, errors, the audit trail, logs and the vault’s file', async () => {
    const receiver = await startReceiver()
    receiver.answer = (response) => void response.writeHead(500).end(token)
    await add({ kind: 'webhook' }, `${receiver.origin}/${token}`)
    await look()
    const error = await client.notices.test({ reference: 'mine' }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'notice.not_sent', data: { reason: 'it answered 500' } })
    const audit = await client.audit.list({ limit: 10 })
    const shown = JSON.stringify([await client.notices.list(), audit, error, String(error)])
    expect(shown).toContain('notice.add')
    const files = ['vault.db', 'vault.db-wal', 'logs/engine.log'].map((name) =>
      readFileSync(join(opened.folder, name), 'latin1'),
    )
    for (const each of [shown, ...files]) expect(each).not.toContain(token)
  })

  test('gets text in the form of Slack, in which names are no markup', async () => {
    const receiver = await startReceiver()
    await add({ kind: 'slack' }, receiver.origin)
    expect(await client.notices.test({ reference: 'mine' })).toEqual({
      sentence: 'mine took the test notice.',
    })
    await look()
    const { text: sent } = JSON.parse(receiver.received[1]?.body ?? '') as { text: string }
    expect(sent).toMatch(/^Edgekeep: .* expires in 19 days\n/)
  })

  test('refuses in the form of DingTalk by the code in its answer', async () => {
    const receiver = await startReceiver()
    receiver.answer = (response) => void response.end('{"errcode":310000,"errmsg":"keywords not in content"}')
    await add({ kind: 'dingtalk' }, receiver.origin)
    await expect(client.notices.test({ reference: 'mine' })).rejects.toMatchObject({
      code: 'notice.not_sent',
      message: expect.stringContaining('310000') as string,
    })
    receiver.answer = (response) => void response.end('{"errcode":0}')
    await client.notices.test({ reference: 'mine' })
    expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({ msgtype: 'text' })
  })

  test('is refused without TLS to a public address, and to what is no URL', async () => {
    await expect(add({ kind: 'webhook' }, 'http://203.0.113.7/')).rejects.toMatchObject({
      code: 'notice.in_clear',
    })
    await expect(add({ kind: 'slack' }, 'javascript:1')).rejects.toMatchObject({ code: 'input.invalid' })
    await expect(add({ kind: 'slack' })).rejects.toMatchObject({ code: 'input.invalid' })
  })
})

/** Mail server on this computer that takes a login and one message. */
async function startMailServer() {
  const lines: string[] = []
  const server = createServer((socket) => {
    let isData = false
    socket.write('220 mail.test\r\n')
    socket.on('error', () => undefined)
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      for (const line of chunk.split('\r\n').filter(Boolean)) {
        lines.push(line)
        if (isData && line !== '.') continue
        if (line.startsWith('EHLO')) socket.write('250-mail.test\r\n250 AUTH PLAIN\r\n')
        else if (line === 'DATA') socket.write('354 go on\r\n')
        else if (line.startsWith('AUTH')) socket.write('235 welcome\r\n')
        else socket.write('250 ok\r\n')
        isData = line === 'DATA' ? true : line !== '.' && isData
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { lines, port: (server.address() as AddressInfo).port }
}

test('a channel that does not answer delays no other', async () => {
  const [silent, receiver] = [await startReceiver(), await startReceiver()]
  const waiting = Promise.withResolvers<ServerResponse>()
  silent.answer = (response) => waiting.resolve(response)
  await add({ kind: 'webhook' }, silent.origin)
  await client.notices.add({ name: 'other', settings: { kind: 'webhook' }, secret: receiver.origin })
  const looked = look()
  await expect.poll(() => receiver.received.length).toBe(1)
  now = new Date(now.getTime() + 20_000)
  const response = await waiting.promise
  response.writeHead(500).end()
  await looked
  const [slow] = await client.notices.list()
  expect(slow?.last).toMatchObject({ ok: false, at: now.toISOString() })
})

describe('an e-mail', () => {
  const settings = (port: number, host = '127.0.0.1'): NoticeSettings => ({
    kind: 'email',
    host,
    port,
    security: 'none',
    user: 'me',
    from: 'edgekeep@shop.test',
    to: ['me@shop.test'],
  })

  test('is sent through the person’s mail server, with the login that was sealed', async () => {
    const mail = await startMailServer()
    await add(settings(mail.port), token)
    await look()
    const login = Buffer.from(`\0me\0${token}`).toString('base64')
    expect(mail.lines).toContain(`AUTH PLAIN ${login}`)
    expect(mail.lines).toContain('RCPT TO:<me@shop.test>')
    expect(mail.lines.join('\n')).toMatch(/Subject: Edgekeep: .* expires in 19 days/)
    expect(JSON.stringify(await client.notices.list())).not.toContain(token)
  })

  test('goes without TLS to this computer alone, and needs the password of a login', async () => {
    await expect(add(settings(25, 'mail.test'), token)).rejects.toMatchObject({ code: 'notice.in_clear' })
    await expect(add(settings(25))).rejects.toMatchObject({ code: 'input.invalid' })
  })
})

describe('a program', () => {
  test('gets the same JSON on its standard input, without a shell', posixOnly, async () => {
    const out = join(opened.folder, 'got')
    const program = join(opened.folder, 'take.sh')
    writeFileSync(program, '#!/bin/sh\ncat > "$1"\n', { mode: 0o700 })
    await add({ kind: 'command', command: [program, `${out} $(id)`] })
    await look()
    expect(JSON.parse(readFileSync(`${out} $(id)`, 'utf8'))).toMatchObject({
      notices: [{ cause: 'expiring' }],
    })
  })

  test('does not run while its settings are not those that were sealed', posixOnly, async () => {
    const out = join(opened.folder, 'got')
    await add({ kind: 'command', command: ['/bin/true'] })
    const forged = JSON.stringify({ kind: 'command', command: ['/usr/bin/touch', out] })
    editVault(`UPDATE notice_channels SET settings = '${forged}'`)
    await look()
    await expect(client.notices.test({ reference: 'mine' })).rejects.toMatchObject({
      code: 'notice.not_sent',
    })
    editVault(`UPDATE notice_channels SET sealed = NULL, state = json_set(state, '$.notBefore', NULL)`)
    await look()
    expect(existsSync(out)).toBe(false)
    const sentence = expect.stringContaining('not those that were sealed') as string
    expect(await client.notices.list()).toMatchObject([{ last: { ok: false, sentence } }])
  })

  test('is shown and recorded without its arguments', async () => {
    await add({ kind: 'command', command: ['/bin/true', token] })
    expect(await client.notices.list()).toMatchObject([{ place: '/bin/true' }])
    const shown = JSON.stringify([await client.notices.list(), await client.audit.list({ limit: 10 })])
    expect(shown).not.toContain(token)
  })

  test('does not run while the vault is locked', posixOnly, async () => {
    const out = join(opened.folder, 'got')
    await add({ kind: 'command', command: ['/usr/bin/touch', out] })
    await client.vault.lock()
    await look()
    expect(existsSync(out)).toBe(false)
    expect(await client.notices.list()).toMatchObject([{ last: null }])
    await client.vault.unlock({})
    await look()
    expect(existsSync(out)).toBe(true)
  })

  test('is set by a person on the command line alone, by its whole path', async () => {
    const settings = { kind: 'command' as const, command: ['/bin/true'] }
    await expect(clientOf('window').notices.add({ name: 'mine', settings })).rejects.toMatchObject({
      code: 'notice.command_from_window',
    })
    await expect(add({ kind: 'command', command: ['true'] })).rejects.toMatchObject({ code: 'input.invalid' })
  })
})

test('a channel has a name of its own, and is known no more once it is removed', async () => {
  const settings = { kind: 'slack' as const }
  await add(settings, 'https://hooks.test/a')
  await expect(add(settings, 'https://hooks.test/b')).rejects.toMatchObject({ code: 'notice.name_taken' })
  expect(await client.notices.remove({ reference: 'mine' })).toEqual({ name: 'mine' })
  await expect(client.notices.test({ reference: 'mine' })).rejects.toMatchObject({ code: 'notice.not_found' })
  expect(await client.notices.list()).toEqual([])
})
