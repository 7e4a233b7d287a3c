import { once } from 'node:events'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect as connectTls } from 'node:tls'
import { beforeEach, describe, expect, test } from 'vitest'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { exchangeBytes, readUntil, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

let requests = 0
let aborted = 0
const policies = { ...defaultPolicies, body: { maxBytes: 1000 } }
const edge = edgeWithOrigin(
  () =>
    startOrigin((request, response) => {
      requests += 1
      let received = 0
      request.on('data', (chunk: Buffer) => (received += chunk.length))
      request.on('aborted', () => (aborted += 1))
      request.on('end', () => response.end(String(received)))
    }),
  { routes: (port) => [routeTo(port, { policies })] },
)
beforeEach(() => {
  requests = 0
  aborted = 0
})

const head = 'POST / HTTP/1.1\r\nHost: shop.test\r\n'
const chunk = (bytes: number) => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`

describe.each(['--http1.1', '--http2'])('with curl %s', (version) => {
  const send = (bytes: number, ...args: string[]) =>
    edge.curl('https://shop.test/', version, '--data-binary', 'x'.repeat(bytes), ...args)

  test('a body of just the size is passed on', async () => {
    expect(await send(1000)).toMatchObject({ status: 200, body: '1000' })
  })

  test('a larger one is refused before the origin hears of it', async () => {
    expect((await send(1001)).status).toBe(413)
    expect(requests).toBe(0)
  })
})

test('a body without a length is counted as it comes, and the origin is not left with half of it', async () => {
  const answer = await exchangeBytes(await edge.connect(), [
    `${head}Transfer-Encoding: chunked\r\n\r\n${chunk(600)}`,
    chunk(600),
  ])
  expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i)
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  await expect.poll(() => aborted).toBe(requests)
})

test('one that fits leaves the connection open for the next', async () => {
  const socket = await edge.connect()
  socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk(600)}${chunk(400)}0\r\n\r\n`)
  await readUntil(socket, '1000')
  socket.write(`${head}Content-Length: 3\r\n\r\nabc`)
  expect(await readUntil(socket, /\r\n\r\n3$/)).toMatch(/^HTTP\/1\.1 200/)
  socket.destroy()
})

test('a client with Expect: 100-continue gets 413 before it sends', async () => {
  const answer = await exchangeBytes(
    await edge.connect(),
    `${head}Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 413/)
  expect(answer).not.toContain('100 Continue')
})

test('over HTTP/2 a body without a length is refused on its own stream and the next one is answered', async () => {
  const session = connectHttp2(`https://shop.test:${edge.https}`, {
    createConnection: () =>
      connectTls({
        host: '127.0.0.1',
        port: edge.https,
        servername: 'shop.test',
        ca: edge.authority.certificatePem,
        ALPNProtocols: ['h2'],
      }),
  })
  const post = () => session.request({ ':method': 'POST', ':path': '/', ':authority': 'shop.test' })
  const large = post()
  large.on('error', () => undefined).resume()
  large.write('x'.repeat(600))
  large.write('x'.repeat(600))
  const [answer] = (await once(large, 'response')) as [Record<string, unknown>]
  expect(answer[':status']).toBe(413)
  if (!large.closed) await once(large, 'close')
  expect(large.rstCode).toBe(constants.NGHTTP2_NO_ERROR)
  const small = post()
  small.end('abc')
  let body = ''
  for await (const piece of small) body += String(piece)
  expect(body).toBe('3')
  session.close()
})
