import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExchangeDetail } from '../../../src/contract/traffic/traffic.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import {
  enableByUpload,
  openTestEngine,
  originAt,
  temporaryFolder,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { watchTraffic, type TrafficWatch } from '../../support/engine/traffic.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'

const run = promisify(execFile)
const authority = createTestAuthority()
let opened: TestEngine
let origin: TestOrigin
let watch: TrafficWatch
let ports: { https: number; http: number }
let caFile: string
let site: string
const seen: { method: string; url: string; headers: NodeJS.Dict<string | string[]> }[] = []

beforeAll(async () => {
  origin = await startOrigin((request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers })
    request.resume()
    if (request.url?.startsWith('/cut')) {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half')
      setTimeout(() => response.destroy(), 20)
    } else
      response.writeHead(200, { 'set-cookie': 'sid=planted-cookie; Path=/', 'x-seen': 'yes' }).end('hello')
  })
  opened = await openTestEngine(undefined, undefined, testEdge)
  caFile = join(opened.folder, 'authority.pem')
  writeFileSync(caFile, authority.certificatePem)
  const { client } = opened
  const { port } = origin
  for (const name of ['shop.test', 'blog.test']) {
    await client.domains.add({ name, origin: originAt(port) })
    await enableByUpload(client, name, issueTestLeaf(authority, { names: [name] }))
  }
  await client.domains.add({ name: 'down.test', origin: originAt(1) })
  site = temporaryFolder()
  writeFileSync(join(site, 'page.html'), 'a page')
  await client.domains.add({
    name: 'files.test',
    origin: { protocol: 'folder', folder: site, dotFiles: false },
  })
  await client.domains.setRedirect({ domain: 'blog.test', redirect: { mode: 'https', code: 301 } })
  const { edge } = await client.engine.status()
  ports = { https: edge.https?.port ?? 0, http: edge.http?.port ?? 0 }
  watch = await watchTraffic(client)
})
afterAll(async () => {
  await watch?.close()
  await opened?.close()
  await origin?.close()
  rmSync(site, { recursive: true, force: true })
})

const curl = (url: string, ...args: string[]) =>
  run('curl', ['-s', '--cacert', caFile, '--resolve', `${new URL(url).host}:127.0.0.1`, ...args, url])
const detailOf = async (path: string, reveal = false) => {
  const row = await watch.exchange(({ url }) => url.includes(path))
  return (await opened.client.traffic.get({ id: row.id, reveal })) as ExchangeDetail
}

describe('while somebody looks', () => {
  test('a request over HTTPS comes by with what is to be known of it', async () => {
    await curl(`https://shop.test:${ports.https}/plain`)
    const exchange = await detailOf('/plain')
    expect(exchange).toMatchObject({
      domain: 'shop.test',
      clientAddress: '127.0.0.1',
      method: 'GET',
      url: `https://shop.test:${ports.https}/plain`,
      protocol: 'HTTP/2',
      status: 200,
      requestBytes: 0,
      responseBytes: 5,
      redirectedTo: null,
      error: null,
      tls: { version: 'TLSv1.3', serverName: 'shop.test', alpn: 'h2', resumed: false },
      upstream: { reused: false },
      replayable: true,
    })
    expect(exchange.tls?.cipher).toMatch(/^TLS_/)
    expect(exchange.upstream?.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(new Date(exchange.at).getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  test('its time is told in stretches that make up the whole', async () => {
    const { timings } = await detailOf('/plain')
    expect(timings.connectMs).toBeGreaterThan(0)
    expect(timings.tlsMs).toBeNull()
    const { queueMs, connectMs, firstByteMs, receiveMs, totalMs } = timings
    const sum = (queueMs ?? 0) + (connectMs ?? 0) + (firstByteMs ?? 0) + (receiveMs ?? 0)
    expect(sum).toBeGreaterThan(0)
    expect(sum).toBeLessThanOrEqual(totalMs + 0.01)
  })

  test('a request over HTTP/1.1 and a used connection to the origin say so', async () => {
    await curl(`https://shop.test:${ports.https}/one`, '--http1.1')
    expect(await detailOf('/one')).toMatchObject({
      protocol: 'HTTP/1.1',
      tls: { alpn: 'http/1.1' },
      upstream: { reused: true },
      timings: { connectMs: null },
    })
  })

  test('sizes are those of the bodies', async () => {
    await curl(`https://shop.test:${ports.https}/post`, '--data', 'x'.repeat(3000))
    expect(await detailOf('/post')).toMatchObject({
      method: 'POST',
      requestBytes: 3000,
      responseBytes: 5,
      replayable: false,
    })
  })

  test('a redirect of ours says where to, and that no origin was asked', async () => {
    await curl(`http://blog.test:${ports.http}/moved?token=planted-query`)
    expect(await detailOf('/moved')).toMatchObject({
      status: 301,
      redirectedTo: `https://blog.test:${ports.https}/moved?token=***`,
      tls: null,
      upstream: null,
      timings: { firstByteMs: null },
    })
  })

  test('an origin that does not answer is said in words', async () => {
    await curl(`http://down.test:${ports.http}/down`)
    const exchange = await detailOf('/down')
    expect(exchange.status).toBe(502)
    expect(exchange.error).toMatch(/^The origin of down\.test refused the connection/)
  })

  test('a folder is said to be where the answer is from, and no connection', async () => {
    await curl(`http://files.test:${ports.http}/page.html`)
    const upstream = { address: pathToFileURL(site).href, reused: null }
    const exchange = await detailOf('/page.html')
    expect(exchange).toMatchObject({ status: 200, responseBytes: 6, upstream, timings: { connectMs: null } })
    const archive = await opened.client.traffic.har({ ids: [exchange.id] })
    const { log } = JSON.parse(await archive.text()) as { log: { entries: { _edgekeep: object }[] } }
    expect(log.entries[0]?._edgekeep).toMatchObject({ upstream })
  })

  test('an answer that breaks off has a status and an error', async () => {
    await curl(`https://shop.test:${ports.https}/cut`, '--http1.1').catch(() => undefined)
    const exchange = await detailOf('/cut')
    expect(exchange.status).toBe(200)
    expect(exchange.error).toMatch(/^The origin of shop\.test closed the connection/)
  })

  test('a request that cannot be read is there without an address', async () => {
    const socket = connect(ports.http, '127.0.0.1')
    socket.end('GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n')
    socket.resume()
    await once(socket, 'close')
    const row = await watch.exchange(({ status, url }) => status === 400 && url === '')
    expect(row.error).toMatch(/more than one Host/)
    expect(await opened.client.traffic.get({ id: row.id })).toMatchObject({ replayable: false })
  })

  test('a refused handshake says which name was asked for', async () => {
    await run('curl', ['-s', '--connect-to', `::127.0.0.1:${ports.https}`, 'https://nowhere.test/']).catch(
      () => undefined,
    )
    const row = await watch.refused(({ serverName }) => serverName === 'nowhere.test')
    expect(row.reason).toBe('The client asked for nowhere.test, which is not served here.')
    const detail = await opened.client.traffic.get({ id: row.id })
    expect(detail).toMatchObject({ hello: { serverName: 'nowhere.test', alpn: ['h2', 'http/1.1'] } })
  })

  test('a handshake under Cloudflare’s name for Encrypted Client Hello is said to be one, with its cure', async () => {
    await run('curl', [
      '-s',
      '--connect-to',
      `::127.0.0.1:${ports.https}`,
      'https://cloudflare-ech.com/',
    ]).catch(() => undefined)
    const row = await watch.refused(({ serverName }) => serverName === 'cloudflare-ech.com')
    expect(row.reason).toMatch(/^The browser hid the name by Encrypted Client Hello.*Turn off secure DNS/)
  })

  test('a client that does not trust the certificate is said to do so, with its alert', async () => {
    await run('curl', ['-s', ...['--connect-to', `::127.0.0.1:${ports.https}`, 'https://blog.test/']]).catch(
      () => undefined,
    )
    const row = await watch.refused(({ serverName }) => serverName === 'blog.test')
    expect(row.domain).toBe('blog.test')
    expect(row.reason).toBe('The client does not trust this authority: alert unknown_ca.')
  })

  test('a client without a name is said to offer none, and one without TLS to speak none', async () => {
    await run('openssl', ['s_client', '-connect', `127.0.0.1:${ports.https}`, '-noservername']).catch(
      () => undefined,
    )
    await watch.refused(({ reason }) => reason === 'The client offered no name.')
    await run('curl', ['-s', `http://127.0.0.1:${ports.https}/`]).catch(() => undefined)
    await watch.refused(({ reason }) => reason === 'The client spoke plain HTTP on the port for HTTPS.')
  })

  test('a handshake that was made while somebody looked has the fingerprint of its client', async () => {
    await curl(`https://shop.test:${ports.https}/with-ja4`)
    const { tls } = await detailOf('/with-ja4')
    expect(tls?.hello?.ja4).toMatch(/^t13d\d{4}h2_[0-9a-f]{12}_[0-9a-f]{12}$/)
    expect(tls?.hello?.versions).toContain('TLS 1.3')
    expect(tls?.hello?.groups).toContain('X25519')
    await curl(`https://shop.test:${ports.https}/with-ja4-again`)
    expect((await detailOf('/with-ja4-again')).tls?.hello?.ja4).toBe(tls?.hello?.ja4)
  })
})

describe('a value that may be secret', () => {
  const secrets = ['planted-query', 'planted-bearer', 'planted-cookie', 'planted-field']

  beforeAll(async () => {
    await curl(
      `https://shop.test:${ports.https}/secret?token=planted-query`,
      ...['-H', 'authorization: Bearer planted-bearer', '-H', 'cookie: sid=planted-cookie'],
      ...['-H', 'x-api-key: planted-field', '-H', 'referer: https://shop.test/?t=planted-query'],
    )
  })

  test('is masked, and shows its name and form', async () => {
    const exchange = await detailOf('/secret')
    const fields = new Map(exchange.request?.fields.map(({ name, value }) => [name, value]))
    expect(exchange.url).toMatch(/\/secret\?token=\*\*\*$/)
    expect(fields.get('authorization')).toBe('Bearer ***')
    expect(fields.get('cookie')).toBe('sid=***')
    expect(fields.get('x-api-key')).toBe('***')
    expect(fields.get('referer')).toBe('https://shop.test/?t=***')
    expect(exchange.response?.fields).toContainEqual({
      name: 'set-cookie',
      value: 'sid=***; Path=/',
      masked: true,
    })
  })

  test('is in no answer, archive or file unless requested', async () => {
    const exchange = await detailOf('/secret')
    const archive = await (await opened.client.traffic.har({})).text()
    const said = JSON.stringify([watch.rows, exchange, archive])
    for (const secret of secrets) expect(said).not.toContain(secret)
  })

  test('is shown on request, and masked again at the next', async () => {
    const revealed = await detailOf('/secret', true)
    for (const secret of secrets) expect(JSON.stringify(revealed)).toContain(secret)
    const archive = await (await opened.client.traffic.har({ reveal: true })).text()
    expect(archive).toContain('planted-bearer')
    const looking = await watchTraffic(opened.client, { reveal: true })
    expect(JSON.stringify(looking.rows)).toContain('planted-query')
    await looking.close()
    expect(JSON.stringify(await detailOf('/secret'))).not.toContain('planted')
  })
})

describe('a request that is sent again', () => {
  test('is as it came, secrets and all, and comes by as traffic', async () => {
    const { id } = await watch.exchange(({ url }) => url.includes('/secret'))
    const before = seen.length
    const answer = await opened.client.traffic.replay({ id })
    expect(answer.status).toBe(200)
    expect(seen[before]).toMatchObject({
      method: 'GET',
      url: '/secret?token=planted-query',
      headers: { authorization: 'Bearer planted-bearer', cookie: 'sid=planted-cookie' },
    })
    await watch.exchange((row) => row.url.includes('/secret') && row.id > id && row.protocol === 'HTTP/1.1')
  })

  test('has to be one that changes nothing', async () => {
    const { id } = await watch.exchange(({ method }) => method === 'POST')
    await expect(opened.client.traffic.replay({ id })).rejects.toMatchObject({
      code: 'traffic.not_replayable',
    })
    const refused = await watch.refused()
    await expect(opened.client.traffic.replay({ id: refused.id })).rejects.toMatchObject({
      code: 'traffic.not_replayable',
    })
  })
})

test('a request that is sent again and gets no whole answer says so', async () => {
  const { id } = await watch.exchange(({ url }) => url.includes('/cut'))
  await expect(opened.client.traffic.replay({ id })).rejects.toMatchObject({ code: 'traffic.replay_failed' })
})

describe('remembered traffic', () => {
  test('can be narrowed to a domain', async () => {
    const blog = await watchTraffic(opened.client, { domain: 'blog.test' })
    expect(blog.rows.length).toBeGreaterThan(0)
    expect(blog.rows.every(({ domain }) => domain === 'blog.test')).toBe(true)
    await curl(`https://shop.test:${ports.https}/not-yours`)
    await curl(`https://blog.test:${ports.https}/yours`)
    await blog.exchange(({ url }) => url.includes('/yours'))
    expect(JSON.stringify(blog.rows)).not.toContain('not-yours')
    await blog.close()
  })

  test('is gone for every viewer when it is cleared', async () => {
    const { id } = await watch.exchange(() => true)
    await opened.client.traffic.clear()
    await curl(`https://shop.test:${ports.https}/after`)
    await watch.exchange(({ url }) => url.includes('/after'))
    expect(watch.rows.filter((row) => row.id <= id)).toEqual([])
    await expect(opened.client.traffic.get({ id })).rejects.toMatchObject({ code: 'traffic.gone' })
  })
})

test('traffic without a viewer is there for the next one, without header fields', async () => {
  await watch.close()
  await curl(`https://shop.test:${ports.https}/unseen?token=sesame`)
  watch = await watchTraffic(opened.client)
  const { id } = await watch.exchange(({ url }) => url.includes('/unseen'))
  expect(JSON.stringify(watch.rows)).not.toContain('sesame')
  const detail = await opened.client.traffic.get({ id, reveal: true })
  expect(detail).toMatchObject({ request: null, response: null })
})

test('traffic without a viewer is in no log that is turned on later, and clearing traffic deletes it', async () => {
  await watch.close()
  await curl(`https://shop.test:${ports.https}/before`)
  await opened.client.traffic.setAccessLog({ enabled: true })
  await curl(`https://shop.test:${ports.https}/logged`)
  const log = join(opened.folder, 'logs', 'access.log')
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8')).toContain('/logged')
  expect(readFileSync(log, 'utf8')).not.toContain('/before')
  await opened.client.traffic.setAccessLog({ enabled: false })
  await curl(`https://shop.test:${ports.https}/cleared`)
  await opened.client.traffic.clear()
  watch = await watchTraffic(opened.client)
  await curl(`https://shop.test:${ports.https}/after`)
  await watch.exchange(({ url }) => url.includes('/after'))
  expect(JSON.stringify(watch.rows)).not.toMatch(/before|logged|cleared/)
})

test('a restarted worker goes on reporting', async () => {
  const [pid] = (await opened.client.engine.status()).edge.workerPids
  process.kill(pid!, 'SIGKILL')
  await expect
    .poll(async () => (await opened.client.engine.status()).edge.workerPids[0] ?? pid, { timeout: 10_000 })
    .not.toBe(pid)
  await expect
    .poll(
      () =>
        curl(`https://shop.test:${ports.https}/restarted`).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true)
  await watch.exchange(({ url }) => url.includes('/restarted'))
})
