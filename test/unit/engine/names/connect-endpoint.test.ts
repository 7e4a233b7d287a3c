import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openConnectEndpoint, type ConnectEndpoint } from '../../../../src/engine/names/connect-endpoint.ts'

let edge: Server
let edgePort: number
let endpoint: ConnectEndpoint
const failures: unknown[] = []
const asked: string[] = []

beforeAll(async () => {
  edge = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes: Buffer) => socket.write(`edge:${bytes.toString('latin1')}`))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => edge.once('listening', resolve))
  edgePort = (edge.address() as AddressInfo).port
  endpoint = await openConnectEndpoint(
    { port: 0 },
    {
      edgePort(host, port) {
        asked.push(`${host}:${port}`)
        return host === 'shop.test' && port === 443 ? edgePort : null
      },
      pac: (port) => `// PAC at ${port}\n`,
    },
    (error) => failures.push(error),
  )
})
afterAll(() => {
  endpoint.close()
  edge.close()
  expect(failures).toEqual([])
})

/** Sends bytes and returns the answer until the other side closes, or until it contains `enough`. */
function exchange(text: string, enough?: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: endpoint.port })
  let said = ''
  const { promise, resolve } = Promise.withResolvers<string>()
  socket.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1')
    if (enough !== undefined && said.includes(enough)) socket.destroy()
  })
  socket.on('error', () => undefined)
  socket.once('close', () => resolve(said))
  socket.write(text, 'latin1')
  return promise
}

const connectTo = (target: string, fields = `Host: ${target}\r\n`) =>
  `CONNECT ${target} HTTP/1.1\r\n${fields}\r\n`

describe('the CONNECT endpoint', () => {
  test('connects a served name to the edge, with the bytes sent ahead', async () => {
    const said = await exchange(`${connectTo('shop.test:443')}hello`, 'hello')
    expect(said).toBe('HTTP/1.1 200 Connection Established\r\n\r\nedge:hello')
    expect(await exchange(`${connectTo('SHOP.test:443')}hello`, 'hello')).toContain('edge:hello')
  })

  test.each([
    'example.com:443',
    'shop.test:22',
    'shop.test:80',
    'shop.test.example.com:443',
    'localhost:443',
    'localhost:22',
    '127.0.0.1:443',
    '127.1:443',
    '2130706433:443',
    '0x7f000001:443',
    '169.254.169.254:80',
  ])('refuses %s', async (target) => {
    expect(await exchange(connectTo(target))).toMatch(/^HTTP\/1\.1 403 /)
  })

  test.each([
    '[::1]:443',
    '[::ffff:127.0.0.1]:443',
    'shop.test',
    'shop.test:0443',
    'shop.test:443:22',
    'shop.test.:443',
    'shop.test%00.example.com:443',
    'user@shop.test:443',
    '*.shop.test:443',
    'http://shop.test:443/',
    '/',
    'shop.test:99999999',
  ])('takes %s for no name and port', async (target) => {
    expect(await exchange(connectTo(target))).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('refuses a Host that says something else than the target, two of them, and an origin', async () => {
    for (const fields of [
      'Host: example.com:443\r\n',
      'Host: shop.test:22\r\n',
      'Host: shop.test:443\r\nHost: example.com\r\n',
    ])
      expect(await exchange(connectTo('shop.test:443', fields))).toMatch(/^HTTP\/1\.1 400 /)
    const withOrigin = connectTo('shop.test:443', 'Host: shop.test:443\r\nOrigin: https://example.com\r\n')
    expect(await exchange(withOrigin)).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('refuses proxy requests, also for served names', async () => {
    for (const target of ['http://example.com/', 'http://shop.test/', 'http://127.0.0.1:22/'])
      expect(await exchange(`GET ${target} HTTP/1.1\r\nHost: shop.test\r\n\r\n`)).toMatch(/^HTTP\/1\.1 421 /)
  })

  test('gives the PAC file to this computer by its own name alone', async () => {
    const get = (host: string, more = '') =>
      exchange(`GET /proxy.pac HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`)
    const given = await get(`127.0.0.1:${endpoint.port}`)
    expect(given).toContain(`// PAC at ${endpoint.port}`)
    expect(given.toLowerCase()).toContain('content-type: application/x-ns-proxy-autoconfig')
    expect(given.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(given.toLowerCase()).toContain('cross-origin-resource-policy: same-origin')
    expect(await get('rebound.example.com')).toMatch(/^HTTP\/1\.1 421 /)
    expect(await get(`127.0.0.1:${endpoint.port}`, 'Origin: https://example.com\r\n')).toMatch(
      /^HTTP\/1\.1 403 /,
    )
  })

  test('closes on requests that are too long or no HTTP, and goes on with others', async () => {
    expect(await exchange(`CONNECT ${'a'.repeat(20_000)}:443 HTTP/1.1\r\n\r\n`)).not.toContain('200')
    expect(await exchange('\u0016\u0003\u0001 no HTTP at all\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await exchange(`${connectTo('shop.test:443')}still here`, 'here')).toContain('edge:still here')
  })

  test('reports that the edge is gone', async () => {
    const gone = await openConnectEndpoint({ port: 0 }, { edgePort: () => 1, pac: () => '' }, (error) =>
      failures.push(error),
    )
    const socket = connect({ host: '127.0.0.1', port: gone.port })
    socket.write(connectTo('shop.test:443'))
    const said = await new Promise<string>((resolve) =>
      socket.once('data', (bytes) => resolve(bytes.toString())),
    )
    expect(said).toMatch(/^HTTP\/1\.1 502 /)
    socket.destroy()
    gone.close()
  })

  describe('while somebody holds 700 connections', () => {
    /** Opens sockets that send `text` and then nothing, and drops closed ones. */
    async function hold(count: number, text: string): Promise<Socket[]> {
      const held: Socket[] = []
      for (let at = 0; at < count; at += 50) {
        const some = Array.from({ length: 50 }, async () => {
          const socket = connect({ host: '127.0.0.1', port: endpoint.port })
          socket.on('error', () => undefined)
          await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
          if (text === '') return socket
          const answered = new Promise((resolve) => socket.once('data', resolve).once('close', resolve))
          socket.write(text)
          await answered
          return socket
        })
        held.push(...(await Promise.all(some)))
      }
      return held
    }
    const pac = `GET /proxy.pac HTTP/1.1\r\nConnection: close\r\nHost: 127.0.0.1:`

    test.each([
      ['that say nothing', ''],
      ['in the middle of a head', 'CONNECT shop.test:443 HTTP/1.1\r\n'],
      ['with a tunnel each', connectTo('shop.test:443')],
    ])('%s, a new one is answered, and a tunnel that is used goes on', async (what, text) => {
      const used = connect({ host: '127.0.0.1', port: endpoint.port })
      used.on('error', () => undefined)
      let said = ''
      used.on('data', (bytes: Buffer) => (said += bytes.toString('latin1')))
      used.write(connectTo('shop.test:443'))
      await expect.poll(() => said).toContain('200')
      const waits = what === 'in the middle of a head'
      const holding = waits ? holdOpen(text) : hold(400, text)
      const first = await holding
      // Idle connections are looked for each second; all others are idle from here on.
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      used.write('between')
      await expect.poll(() => said).toContain('edge:between')
      const held = [...first, ...(await (waits ? holdOpen(text) : hold(300, text)))]
      expect(await exchange(`${pac}${endpoint.port}\r\n\r\n`)).toContain('// PAC at')
      expect(await exchange(`${connectTo('shop.test:443')}new`, 'edge:new')).toContain('edge:new')
      used.write('after')
      await expect.poll(() => said).toContain('edge:after')
      for (const socket of [...held, used]) socket.destroy()
    })

    /** Opens 350 that wait for the rest of their head. */
    async function holdOpen(text: string): Promise<Socket[]> {
      const held = await hold(350, '')
      for (const socket of held) socket.write(text)
      return held
    }
  })
})
