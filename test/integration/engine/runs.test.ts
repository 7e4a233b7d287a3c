import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ServeInput } from '../../../src/contract/develop/runs.ts'
import { moveEdge } from '../../../src/engine/names/ports-change.ts'
import { freePort } from '../../support/free-port.ts'
import { requestOf } from '../../support/edge/edge-request.ts'
import { startOrigin, type TestOrigin } from '../../support/edge/origin.ts'
import {
  commandLineOf,
  openTestEngine,
  originAt,
  temporaryFolder,
  testEdge,
  type TestEngine,
} from '../../support/engine/engine.ts'
import { waits } from '../../support/waits.ts'

let opened: TestEngine
let origin: TestOrigin
let asked = 0

beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  origin = await startOrigin((_request, response) => {
    asked += 1
    response.end('the dev server')
  })
}, 30_000)
afterAll(async () => {
  await opened.close()
  await origin.close()
})

async function serve(names: string[], more: Partial<ServeInput> = {}) {
  const ending = new AbortController()
  const input = { project: '/shop', service: 'web', names, origin: originAt(origin.port), ...more }
  const events = await opened.client.runs.serve(input, { signal: ending.signal })
  const { value, done } = await events.next()
  if (done) throw new Error('A run begins with its domain')
  const ended = events.next().catch(() => undefined)
  return {
    run: value,
    async end() {
      ending.abort()
      await ended
    },
  }
}
const domains = async () => (await opened.client.domains.list()).map(({ name }) => name)
const certificates = async () => (await opened.client.certificates.list()).length

test('a run has its domain with HTTPS for as long as its call is open', async () => {
  const { run, end } = await serve(['shop.localhost'])
  const port = (await opened.client.engine.status()).edge.https?.port ?? 0
  expect(run).toMatchObject({ domain: 'shop.localhost', address: `https://shop.localhost:${port}` })
  expect((await requestOf(port, 'shop.localhost')('/')).body.toString()).toBe('the dev server')
  expect(await opened.client.runs.list()).toEqual([run])
  expect((await opened.client.configuration.export()).text).not.toContain('shop.localhost')
  await end()
  await expect.poll(domains, waits).toEqual([])
  expect([await certificates(), await opened.client.runs.list()]).toEqual([0, []])
})

test('a run gets its new address when the edge moves, as an uninstall moves it', async () => {
  const ending = new AbortController()
  const input = {
    project: '/shop',
    service: 'web',
    names: ['moved.localhost'],
    origin: originAt(origin.port),
  }
  const events = await opened.client.runs.serve(input, { signal: ending.signal })
  await events.next()
  const before = (await opened.client.engine.status()).edge
  const [httpsPort, httpPort] = [await freePort(), before.http?.port ?? 0]
  const from = { httpsPort: before.https?.port ?? 0, httpPort }
  await moveEdge(opened.engine.context.parts, { httpsPort, httpPort }, from)
  const { value } = await events.next()
  const address = `https://moved.localhost:${httpsPort}`
  expect(value).toMatchObject({ service: 'web', address })
  expect(await opened.client.runs.list()).toMatchObject([{ address }])
  await moveEdge(opened.engine.context.parts, from, null)
  expect((await events.next()).value).toMatchObject({ address: `https://moved.localhost:${from.httpsPort}` })
  const ended = events.next().catch(() => undefined)
  ending.abort()
  await ended
  await expect.poll(domains, waits).toEqual([])
})

test('nothing is sent to the port of a server that does not listen: its name answers a page that loads again', async () => {
  const before = asked
  const { run, end } = await serve(['late.localhost'], { listens: false })
  const port = (await opened.client.engine.status()).edge.https?.port ?? 0
  const get = requestOf(port, 'late.localhost')
  const pageOf = async () => {
    const { status, headers, body } = await get('/cart')
    return { status, again: headers['retry-after'], kept: headers['cache-control'], html: body.toString() }
  }
  const page = { status: 503, again: '1', kept: 'no-store' }
  expect(await pageOf()).toMatchObject(page)
  expect((await pageOf()).html).toContain('<meta http-equiv="refresh" content="1">')
  const { domain } = run
  await opened.client.runs.point({ domain, origin: originAt(origin.port), listens: true })
  expect((await get('/')).body.toString()).toBe('the dev server')
  await opened.client.runs.point({ domain, origin: originAt(origin.port), listens: false })
  expect(await pageOf()).toMatchObject(page)
  expect(asked - before).toBe(1)
  await end()
  const late = opened.client.runs.point({ domain, origin: originAt(origin.port), listens: true })
  await expect(late).rejects.toMatchObject({ code: 'domain.not_found' })
})

test('the name of a server that ended answers a page with its status until the name is used again', async () => {
  const port = (await opened.client.engine.status()).edge.https?.port ?? 0
  const pageOf = async (name: string) => {
    const { status, headers, body } = await requestOf(port, name)('/cart')
    return { status, policy: headers['content-security-policy'], text: body.toString() }
  }
  const other = await serve(['other.localhost'])
  const first = await serve(['gone.localhost'], { service: '<b>web</b>' })
  const point = { domain: 'gone.localhost', origin: originAt(origin.port), listens: false }
  await opened.client.runs.point({ ...point, status: 3 })
  await first.end()
  await expect.poll(domains, waits).toEqual(['other.localhost'])
  await expect.poll(async () => (await pageOf('gone.localhost')).text, waits).toContain('exit status 3')
  const page = await pageOf('gone.localhost')
  expect(page).toMatchObject({ status: 503, policy: expect.stringContaining("default-src 'none'") as string })
  expect(page.text).toContain('&#60;b&#62;web&#60;/b&#62; ended with exit status 3')
  const link = `https://other.localhost:${port}`
  expect(page.text).toContain(`<a href="${link}">${link}</a>`)
  await other.end()
  await expect.poll(async () => (await pageOf('gone.localhost')).text, waits).not.toContain(link)
  // Its command was killed: no status came.
  await expect.poll(async () => (await pageOf('other.localhost')).text, waits).toContain('web was stopped')
  const again = await serve(['gone.localhost'])
  expect((await pageOf('gone.localhost')).text).toBe('the dev server')
  await again.end()
  await opened.client.domains.add({ name: 'gone.localhost', origin: originAt(origin.port) })
  await opened.client.https.enable({ domain: 'gone.localhost', source: { type: 'free' } })
  expect((await pageOf('gone.localhost')).text).toBe('the dev server')
  await opened.client.domains.remove({ domain: 'gone.localhost' })
})

test('a name that is taken is left for the next one, and refused without one', async () => {
  await opened.client.domains.add({ name: 'own.localhost', origin: originAt(origin.port) })
  const first = await serve(['own.localhost', 'fix.own.localhost'])
  expect(first.run.domain).toBe('fix.own.localhost')
  const refusal = (names: string[]) => serve(names).catch((error: unknown) => error as Error)
  expect(await refusal(['own.localhost'])).toMatchObject({ code: 'run.name_taken', data: { isRun: false } })
  expect(await refusal(['fix.own.localhost'])).toMatchObject({ data: { isRun: true } })
  await first.end()
  await expect.poll(domains, waits).toEqual(['own.localhost'])
  await opened.client.domains.remove({ domain: 'own.localhost' })
})

test('the end of a run leaves a domain that a person added anew under its name', async () => {
  const { end } = await serve(['shop.localhost'])
  await opened.client.domains.remove({ domain: 'shop.localhost' })
  // Rows are told apart by the time of their creation.
  await new Promise((resolve) => setTimeout(resolve, 5))
  await opened.client.domains.add({ name: 'shop.localhost', origin: originAt(origin.port) })
  await end()
  await expect.poll(() => opened.client.runs.list(), waits).toEqual([])
  expect(await domains()).toEqual(['shop.localhost'])
  await opened.client.domains.remove({ domain: 'shop.localhost' })
})

test('a name outside the authority leaves nothing', async () => {
  const refused = await serve(['bank.example']).catch((error: unknown) => error)
  expect(refused).toMatchObject({ code: expect.stringMatching(/^authority\./) as string })
  expect([await domains(), await opened.client.runs.list()]).toEqual([[], []])
})

test('a new engine removes the domains of runs that an ended one left', async () => {
  await serve(['left.localhost'])
  opened = await opened.reopen()
  expect([await domains(), await certificates(), await opened.client.runs.list()]).toEqual([[], 0, []])
})

test('a project is listed with its services, the run of each, and the domains that it serves', async () => {
  const { projects } = commandLineOf(opened)
  const folder = temporaryFolder()
  const text = `edgekeep: 1
project: team
services: { web: { command: npm start }, api: { command: node api.mjs } }
domains: { team.test: { origin: 9 } }`
  const listed = async () => (await projects.list()).find((project) => project.folder === folder)
  expect(await listed()).toBeUndefined()
  await projects.trustServices({ folder, text, scripts: 'a'.repeat(64) })
  const [web, api] = ['web', 'api'].map((name) => ({ name, run: null }))
  expect(await listed()).toEqual({ folder, name: 'team', branch: null, services: [web, api], domains: [] })
  const { version } = await projects.plan({ folder, text })
  await projects.apply({ folder, text, version })
  // Its checkout is a folder above that of the file.
  const place = { service: 'api', fileFolder: folder, branch: 'fix' }
  const { run, end } = await serve(['api.team.localhost'], place)
  const other = await serve(['alone.localhost'], { project: '/projects/alone' })
  expect(await listed()).toMatchObject({
    branch: 'fix',
    services: [web, { name: 'api', run }],
    domains: ['team.test'],
  })
  const alone = { folder: '/projects/alone', name: 'alone', services: [{ name: 'web', run: other.run }] }
  expect(await projects.list()).toMatchObject([alone, { folder }])
  await expect(projects.forget({ folder })).rejects.toMatchObject({ code: 'project.running' })
  await Promise.all([end(), other.end()])
  expect(await projects.list()).toMatchObject([{ branch: null, services: [web, api] }])
  await opened.client.domains.remove({ domain: 'team.test' })
  expect(await listed()).toMatchObject({ domains: [] })
})
