import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HealthPolicy, OriginState } from '../../../../../src/contract/domains/origins.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import type { Route } from '../../../../../src/edge/protocol/snapshot.ts'
import { startEdgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'
import {
  connectPlain,
  exchangeBytes,
  routeTo,
  startTestEdge,
  type TestEdge,
} from '../../../../support/edge/edge.ts'
import { startOrigin, startRawOrigin } from '../../../../support/edge/origin.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('a domain with backups', () => {
  let edge: TestEdge
  let states: OriginState[] = []
  let backup: { port: number; close(): Promise<void> }
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    edge = await startTestEdge([], {
      limits: { responseMs: 1_000, connectMs: 3_000 },
      onOriginStates: (_domain, now) => (states = now),
    })
  })
  afterAll(() => edge.close())
  beforeEach(async () => {
    backup = await origin((_request, response) => response.end('backup'))
  })
  afterEach(async () => {
    edge.apply({ routes: [] })
    for (const close of closers.splice(0)) await close()
  })

  async function origin(handler: Handler) {
    const started = await startOrigin(handler)
    closers.push(started.close)
    return started
  }
  async function nowhere(): Promise<number> {
    const { port, close } = await startRawOrigin(() => {})
    close()
    return port
  }
  function serve(primary: number, health: Partial<HealthPolicy> = {}, backups = [backup.port]): Route {
    const route = routeTo(primary, { domain: 'h.test', certificateId: null })
    const others = backups.map((port) => ({ ...routeTo(port).origin }))
    const policies = {
      ...defaultPolicies,
      origins: { backups: others, routes: [] },
      health: { ...defaultPolicies.health, ...health },
    }
    const served = { ...route, policies }
    edge.apply({ routes: [served] })
    return served
  }
  async function ask(method = 'GET', more = '', body = ''): Promise<string> {
    const head = `${method} / HTTP/1.1\r\nHost: h.test\r\n${more}Connection: close\r\n\r\n`
    return exchangeBytes(await connectPlain(edge.http), head + body)
  }

  test('is served by its first origin while that answers', async () => {
    const { port } = await origin((_request, response) => response.end('primary'))
    serve(port)
    expect(await ask()).toContain('primary')
    expect(states.map(({ role, state }) => [role, state])).toEqual([
      ['primary', 'up'],
      ['backup', 'up'],
    ])
  })

  test('sends anything on to a backup that was not sent to the first, bodies too', async () => {
    const echo = await origin((request, response) => void request.pipe(response))
    serve(await nowhere(), {}, [echo.port])
    expect(await ask('POST', 'Content-Length: 4\r\n', 'body')).toMatch(/^HTTP\/1\.1 200 [\s\S]*body/)
  })

  test('sends a GET on after a close or a silence, and a POST never', async () => {
    let asked = 0
    const { port } = await startRaw((socket) => {
      asked += 1
      socket.destroy()
    })
    serve(port, { ejectAfter: 0 })
    expect(await ask()).toContain('backup')
    expect(await ask('POST', 'Content-Length: 0\r\n')).toMatch(/^HTTP\/1\.1 502 /)
    expect(asked).toBe(2)
    const mute = await startRaw(() => {})
    serve(mute.port, { ejectAfter: 0 })
    expect(await ask()).toContain('backup')
  })

  test('leaves an origin alone after failures in a row, for longer each time, and tells of it', async () => {
    let connections = 0
    const { port } = await startRaw((socket) => {
      connections += 1
      socket.destroy()
    })
    serve(port, { ejectAfter: 2 })
    for (let turn = 0; turn < 5; turn += 1) expect(await ask()).toContain('backup')
    expect(connections).toBe(2)
    expect(states[0]).toMatchObject({ role: 'primary', state: 'ejected' })
    expect(states[0]!.reason).toContain('closed the connection')
    expect(Date.parse(states[0]!.until!) - Date.now()).toBeGreaterThan(5_000)
    expect(edge.logs.join('\n')).toContain('An origin is out')
  })

  test('asks the first where all are out', async () => {
    const lonely = await nowhere()
    serve(lonely, { ejectAfter: 1 }, [await nowhere()])
    expect(await ask()).toMatch(/^HTTP\/1\.1 502 /)
    expect(states.map(({ state }) => state)).toEqual(['ejected', 'ejected'])
    const risen = await startOriginAt(lonely)
    closers.push(risen.close)
    expect(await ask()).toContain('risen')
    expect(states[0]!.state).toBe('up')
  })

  test('counts the errors of a gateway as failures, and hands them on', async () => {
    const { port } = await origin((_request, response) => response.writeHead(503).end('no'))
    serve(port, { ejectAfter: 2 })
    expect(await ask()).toContain('503')
    expect(await ask()).toContain('503')
    expect(await ask()).toContain('backup')
  })

  test('remembers what is out over a change that leaves it as it is', async () => {
    const route = serve(await nowhere(), { ejectAfter: 1 })
    await ask()
    edge.apply({ routes: [{ ...route, redirect: { mode: 'none', code: 302 } }] })
    expect(states[0]!.state).toBe('ejected')
    edge.apply({ routes: [routeTo(backup.port, { domain: 'h.test', certificateId: null })] })
    expect(states).toEqual([])
  })

  test('is checked where that is wanted: what fails is left alone before anybody comes, and taken back', async () => {
    let isWell = false
    let checks = 0
    const { port } = await origin((request, response) => {
      if (request.url !== '/healthz') return void response.end('primary')
      checks += 1
      response.writeHead(isWell ? 204 : 500).end()
    })
    const check = {
      path: '/healthz',
      everySeconds: 1,
      timeoutSeconds: 1,
      upAfter: 1,
      downAfter: 1,
      statusFrom: 200,
      statusTo: 299,
    }
    serve(port, { check })
    await expect.poll(() => states[0]?.state, { timeout: 20_000 }).toBe('down')
    expect(states[0]!.reason).toBe('It answers 500')
    expect(await ask()).toContain('backup')
    isWell = true
    await expect.poll(() => states[0]?.state, { timeout: 20_000 }).toBe('up')
    expect(await ask()).toContain('primary')
    edge.apply({ routes: [] })
    const before = checks
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(checks).toBe(before)
  })

  async function startRaw(onRequest: (socket: { destroy(): void }) => void) {
    const started = await startRawOrigin((socket) => socket.once('data', () => onRequest(socket)))
    closers.push(started.close)
    return started
  }
  async function startOriginAt(port: number) {
    const { createServer } = await import('node:http')
    const server = createServer((_request, response) => response.end('risen'))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return { close: () => (server.close(), server.closeAllConnections()) }
  }
})

describe('the timeouts of a domain', () => {
  test('are its own', async () => {
    const timeouts = { ...defaultPolicies.timeouts, responseSeconds: 1 }
    const quick = (port: number) => [
      {
        ...routeTo(port, { domain: 'h.test', certificateId: null }),
        policies: { ...defaultPolicies, timeouts },
      },
    ]
    const edge = await startEdgeWithOrigin(() => startRawOrigin(() => {}), {
      routes: quick,
      limits: { responseMs: 60_000 },
    })
    const startedAt = Date.now()
    const head = 'GET / HTTP/1.1\r\nHost: h.test\r\nConnection: close\r\n\r\n'
    expect(await exchangeBytes(await connectPlain(edge.http), head)).toMatch(/^HTTP\/1\.1 504 /)
    expect(Date.now() - startedAt).toBeLessThan(4_000)
  })
})

describe('paths of a domain', () => {
  test('go to origins of their own, the longest path first, with the path or without', async () => {
    const said = (name: string): Handler => {
      return (request, response) =>
        response.end(`${name} ${request.url} ${request.headers['x-forwarded-prefix'] ?? ''}.`)
    }
    const [main, api, users] = [
      await startOrigin(said('main')),
      await startOrigin(said('api')),
      await startOrigin(said('users')),
    ]
    const to = (port: number) => routeTo(port).origin
    const route = routeTo(main.port, { domain: 'h.test', certificateId: null })
    const routes = [
      { path: '/api', origin: to(api.port), stripPath: true },
      { path: '/api/users', origin: to(users.port), stripPath: false },
    ]
    const policies = { ...defaultPolicies, origins: { backups: [], routes } }
    const edge = await startTestEdge([{ ...route, policies }])
    const ask = async (path: string) => {
      const head = `GET ${path} HTTP/1.1\r\nHost: h.test\r\nX-Forwarded-Prefix: /evil\r\nConnection: close\r\n\r\n`
      return /\w+ \S+ \S*\./.exec(
        (await exchangeBytes(await connectPlain(edge.http), head)).split('\r\n\r\n')[1]!,
      )?.[0]
    }
    expect(await ask('/')).toBe('main / .')
    expect(await ask('/apix')).toBe('main /apix .')
    expect(await ask('/api')).toBe('api / /api.')
    expect(await ask('/api?x=1')).toBe('api /?x=1 /api.')
    expect(await ask('/api/a/b?x=1')).toBe('api /a/b?x=1 /api.')
    expect(await ask('/api/users/7')).toBe('users /api/users/7 .')
    for (const one of [edge, main, api, users]) await one.close()
  })

  test('get answers whose redirects and cookies hold below the path', async () => {
    const toItself = (port: number) => {
      const { origin } = routeTo(port, { origin: { hostHeader: 'api.internal' } })
      const routes = [
        { path: '/api', origin, stripPath: true },
        { path: '/whole', origin, stripPath: false },
      ]
      return [{ ...routeTo(port), policies: { ...defaultPolicies, origins: { backups: [], routes } } }]
    }
    const answer: Handler = (request, response) => {
      response.writeHead(302, {
        location: request.url === '/own' ? `http://${request.headers.host}/login` : '/login',
        'set-cookie': ['a=1; Path=/', 'b=2; Path=/admin'],
      })
      response.end()
    }
    const { curl } = await startEdgeWithOrigin(() => startOrigin(answer), { routes: toItself })
    const restored = { location: '/api/login', 'set-cookie': 'a=1; Path=/api\nb=2; Path=/api/admin' }
    for (const version of ['--http1.1', '--http2']) {
      const ask = (path: string) => curl(`https://shop.test${path}`, version)
      expect((await ask('/api/login/needed')).headers).toMatchObject(restored)
      expect((await ask('/api/own')).headers).toMatchObject(restored)
      expect((await ask('/whole/login/needed')).headers).toMatchObject({ location: '/login' })
    }
  })
})
