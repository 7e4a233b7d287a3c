import { describe, expect, test } from 'vitest'
import { connectPlain, exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startRawOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

/** Heads that parsers read differently: none may reach the origin. */
const ambiguous: Record<string, string> = {
  'Content-Length with Transfer-Encoding':
    'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding before Content-Length':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n',
  'an empty Transfer-Encoding': 'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: identity':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: xchunked':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: "chunked"':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: "chunked"\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: gzip, chunked':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked, identity':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked;q=1':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n',
  'two Transfer-Encoding fields':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'chunked, then an unknown coding':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding with a vertical tab':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n',
  'a space before the colon':
    'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  'Transfer-Encoding in HTTP/1.0':
    'POST / HTTP/1.0\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'two equal Content-Length fields':
    'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd',
  'two differing Content-Length fields':
    'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
  'a list of Content-Lengths': 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 4, 4\r\n\r\nabcd',
  'a signed Content-Length': 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: +4\r\n\r\nabcd',
  'a negative Content-Length': 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: -4\r\n\r\nabcd',
  'a hexadecimal Content-Length': 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 0x4\r\n\r\nabcd',
  'an empty Content-Length': 'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length:\r\n\r\n',
  'a Content-Length with a space inside':
    'POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: 4 4\r\n\r\nabcd',
  'a Content-Length beyond all bounds': `POST / HTTP/1.1\r\nHost: h.test\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`,
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Host fields': 'GET / HTTP/1.1\r\nHost: h.test\r\nHost: h.test\r\n\r\n',
  'an empty Host': 'GET / HTTP/1.1\r\nHost:\r\n\r\n',
  'a Host with two ports': 'GET / HTTP/1.1\r\nHost: h.test:80:90\r\n\r\n',
  'a Host with an impossible port': 'GET / HTTP/1.1\r\nHost: h.test:65536\r\n\r\n',
  'a Host with a letter for a port': 'GET / HTTP/1.1\r\nHost: h.test:a\r\n\r\n',
  'a Host with a path': 'GET / HTTP/1.1\r\nHost: h.test/x\r\n\r\n',
  'a Host with user information': 'GET / HTTP/1.1\r\nHost: a@h.test\r\n\r\n',
  'a Host with a space': 'GET / HTTP/1.1\r\nHost: h.test x\r\n\r\n',
  'a list of Hosts': 'GET / HTTP/1.1\r\nHost: h.test, i.test\r\n\r\n',
  'a bare LF after a field': 'GET / HTTP/1.1\r\nHost: h.test\nX: y\r\n\r\n',
  'a bare LF for the blank line': 'GET / HTTP/1.1\r\nHost: h.test\r\n\n',
  'bare LFs all through': 'GET / HTTP/1.1\nHost: h.test\n\n',
  'a bare CR in a value': 'GET / HTTP/1.1\r\nHost: h.test\r\nX: a\rb\r\n\r\n',
  'a NUL in a value': 'GET / HTTP/1.1\r\nHost: h.test\r\nX: a\0b\r\n\r\n',
  'a NUL in a name': 'GET / HTTP/1.1\r\nHost: h.test\r\nX\0: a\r\n\r\n',
  'a folded field': 'GET / HTTP/1.1\r\nHost: h.test\r\nX: a\r\n b\r\n\r\n',
  'a folded first field': 'GET / HTTP/1.1\r\n Host: h.test\r\n\r\n',
  'a field without a name': 'GET / HTTP/1.1\r\nHost: h.test\r\n: x\r\n\r\n',
  'a field without a colon': 'GET / HTTP/1.1\r\nHost: h.test\r\nX\r\n\r\n',
  'a fragment in the target': 'GET /a#b HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'a byte above ASCII in the target': 'GET /\xff HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'a target without a slash': 'GET a HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'a URL of another kind': 'GET ftp://h.test/ HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'a URL with user information': 'GET http://a@h.test/ HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'HTTP/0.9': 'GET /\r\n\r\n',
  'HTTP/2.0 on the wire': 'GET / HTTP/2.0\r\nHost: h.test\r\n\r\n',
  'HTTP/1.2': 'GET / HTTP/1.2\r\nHost: h.test\r\n\r\n',
  'RTSP/1.0': 'GET / RTSP/1.0\r\nHost: h.test\r\n\r\n',
  'RTSP/1.1': 'OPTIONS / RTSP/1.1\r\nHost: h.test\r\n\r\n',
  'RTSP after two spaces': 'POST /  RTSP/1.1\r\nHost: h.test\r\nContent-Length: 4\r\n\r\nabcd',
  'a method of RTSP': 'DESCRIBE / RTSP/1.0\r\nHost: h.test\r\n\r\n',
  'ICE/1.0': 'SOURCE / ICE/1.0\r\nHost: h.test\r\n\r\n',
  'RTSP with a target that looks like HTTP': 'GET /HTTP/1.1 RTSP/1.0\r\nHost: h.test\r\n\r\n',
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'a lower-case method': 'get / HTTP/1.1\r\nHost: h.test\r\n\r\n',
  'a TLS hello': '\x16\x03\x01\x02\x00\x01\x00',
}

/** Bodies with an ambiguous end. Their heads are good, so the origin may see those. */
const badChunks: Record<string, string> = {
  'a bare LF after a size': '5\nhello\r\n0\r\n\r\n',
  'a space after a size': '5 \r\nhello\r\n0\r\n\r\n',
  'a size with 0x': '0x5\r\nhello\r\n0\r\n\r\n',
  'a signed size': '+5\r\nhello\r\n0\r\n\r\n',
  'an empty size': '\r\nhello\r\n0\r\n\r\n',
  'a size beyond all bounds': 'fffffffffffffffff\r\nhello',
  'a chunk longer than its size': '5\r\nhelloX\r\n0\r\n\r\n',
  'a bare LF after a chunk': '5\r\nhello\n0\r\n\r\n',
  'a bare CR in an extension': '5;a\rb\r\nhello\r\n0\r\n\r\n',
  'a bare LF in an extension': '5;a\nb\r\nhello\r\n0\r\n\r\n',
  'a folded trailer': '0\r\nX: a\r\n b\r\n\r\n',
  'a NUL in a trailer': '0\r\nX: a\0b\r\n\r\n',
  'Content-Length as a trailer': '0\r\nContent-Length: 5\r\n\r\n',
}

describe('the edge against request smuggling', () => {
  let received = ''

  const edge = edgeWithOrigin(
    () =>
      startRawOrigin((socket) =>
        socket.on('data', (chunk: Buffer) => {
          received += chunk.toString('latin1')
          if (received.includes('smuggled'))
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled')
        }),
      ),
    { routes: (port) => [routeTo(port, { domain: 'h.test', certificateId: null })] },
  )

  const followUp = 'GET /smuggled HTTP/1.1\r\nHost: h.test\r\n\r\n'

  test.each(Object.entries(ambiguous))('refuses %s and closes', async (_name, head) => {
    received = ''
    const answer = await exchangeBytes(await connectPlain(edge.http), head + followUp)
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer).toContain('connection: close\r\n')
    expect(answer.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
    expect(received).toBe('')
  })

  test.each(Object.entries(ambiguous))('refuses %s when it comes byte by byte', async (_name, head) => {
    received = ''
    const answer = await exchangeBytes(
      await connectPlain(edge.http),
      [...head, followUp].map((piece) => Buffer.from(piece, 'latin1')),
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(received).toBe('')
  })

  test.each(Object.entries(badChunks))('answers 400 to a request with %s', async (_name, body) => {
    received = ''
    const answer = await exchangeBytes(
      await connectPlain(edge.http),
      `POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\n\r\n${body}${followUp}`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(received).not.toContain('smuggled')
    expect(received).not.toMatch(/\r\n0\r\n(.*\r\n)*\r\n$/)
  })

  test('writes every request to the origin in one form, whatever form it came in', async () => {
    received = ''
    const client = await connectPlain(edge.http)
    client.write(
      'POST  /smuggled HTTP/1.1\r\nhOsT:   h.test  \r\nX-Value:  a  b \t\r\nTRANSFER-encoding:  CHUNKED \r\n\r\n' +
        '003;x="y;z"\r\nabc\r\n2\r\nde\r\n00\r\n\r\n',
    )
    await expect.poll(() => received).toMatch(/\r\n\r\n5\r\nabcde\r\n0\r\n\r\n$/)
    client.destroy()
    expect(received).toMatch(/^POST \/smuggled HTTP\/1\.1\r\nhost: h\.test\r\n/)
    expect(received).toContain('transfer-encoding: chunked\r\n')
  })

  test('refuses a head that is too long or has too many fields', async () => {
    const long = `GET / HTTP/1.1\r\nHost: h.test\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`
    const many = `GET / HTTP/1.1\r\nHost: h.test\r\n${'a: b\r\n'.repeat(300)}\r\n`
    for (const head of [long, many]) {
      expect(await exchangeBytes(await connectPlain(edge.http), head)).toMatch(/^HTTP\/1\.1 431 /)
    }
  })

  test('refuses a body that is nearly all framing', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: h.test\r\nTransfer-Encoding: chunked\r\n\r\n'
    const extension = `1;${'x'.repeat(100_000)}\r\na\r\n`
    expect(await exchangeBytes(await connectPlain(edge.http), head + extension)).toMatch(/^HTTP\/1\.1 4/)
  })
})
