import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ListedFields, TextFields } from '../../../../../src/engine/edge/worker/http/fields.ts'
import {
  nominatedFields,
  passableTrailers,
  requestFieldKind,
} from '../../../../../src/engine/edge/worker/http/headers.ts'
import {
  readHttp1Request,
  readHttp2Request,
  type EdgeRequest,
} from '../../../../../src/engine/edge/worker/http/request.ts'

const arrival = { secure: true, serverName: 'a.test', remoteAddress: '127.0.0.1', clientCertificate: null }
const head = (change: object = {}, headers: string[] = ['Host', 'a.test']) => ({
  method: 'GET',
  target: '/',
  status: 0,
  reason: '',
  minorVersion: 1,
  headers: new ListedFields(headers),
  keepAlive: true,
  ...change,
})
const read = (change?: object, headers?: string[]) => readHttp1Request(head(change, headers), arrival)

describe('a request of HTTP/1', () => {
  test.each([
    ['a.test', 'a.test'],
    ['A.Test:8443', 'a.test'],
    ['a.test.', 'a.test'],
    ['a.test.:8443', 'a.test'],
    ['[::1]:8443', '[::1]'],
    ['127.0.0.1', '127.0.0.1'],
    ['xn--bcher-kva.test', 'xn--bcher-kva.test'],
  ])('looks %s up as %s', (host, hostname) => {
    expect(read({}, ['Host', host])).toMatchObject({ host, hostname })
  })

  test('takes the name of the handshake where HTTP/1.0 has no Host', () => {
    expect(read({ minorVersion: 0 }, [])).toMatchObject({ host: 'a.test' })
    expect(readHttp1Request(head({ minorVersion: 0 }, []), { ...arrival, serverName: null })).toMatchObject({
      status: 400,
    })
  })

  test('is told by its own host, whatever the one before it on the same connection named', () => {
    const connection = { ...arrival }
    const named = (host: string) => readHttp1Request(head({}, ['Host', host]), connection)
    for (const host of ['a.test', 'b.test:8443', 'a.test', 'A.test']) {
      expect(named(host)).toMatchObject({
        host,
        hostname: host.replace(':8443', '').toLowerCase(),
        forwardedLines: expect.stringContaining(`x-forwarded-host: ${host}\r\n`) as unknown,
      })
    }
    expect(named('a b')).toMatchObject({ status: 400 })
    expect(named('b.test')).toMatchObject({ hostname: 'b.test' })
  })

  test('knows what body it has', () => {
    expect(read()).toMatchObject({ bodyLength: 0 })
    expect(read({}, ['Host', 'a.test', 'Content-Length', ' 12 '])).toMatchObject({ bodyLength: 12 })
    expect(read({}, ['Host', 'a.test', 'Transfer-Encoding', 'Chunked'])).toMatchObject({ bodyLength: -1 })
  })

  test('expects nothing but 100-continue', () => {
    expect(read({}, ['Host', 'a.test', 'Expect', '200-maybe'])).toMatchObject({ status: 417 })
  })
})

describe('a request of HTTP/2', () => {
  const pseudo = { method: 'GET', path: '/', authority: 'a.test', isWebsocket: false }
  const readH2 = (change: object, headers: string[] = []) =>
    readHttp2Request({ ...pseudo, ...change }, new ListedFields(headers), 0, true, arrival)

  test.each([
    [{ path: '/ HTTP/1.1\r\nX: y' }, []],
    [{ path: 'http://a.test/' }, []],
    [{ path: '' }, []],
    [{ path: '*' }, []],
    [{ method: 'GET / HTTP/1.1\r\nX: y\r\n' }, []],
    [{ method: '' }, []],
    [{ authority: 'a.test\r\nX: y' }, []],
    [{ authority: '' }, []],
    [{}, ['x', 'a\r\nContent-Length: 9']],
    [{}, ['x', 'a\nb']],
    [{}, ['x', 'a\0b']],
    [{}, ['x\r\ny', 'a']],
    [{}, ['host', 'b.test']],
    [{}, ['transfer-encoding', 'chunked']],
    [{}, ['connection', 'close']],
  ] as [object, string[]][])('refuses %j with %j', (change, headers) => {
    expect(readH2(change, headers)).toMatchObject({ status: 400 })
  })

  test('never lets a field of a client become a line of its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { maxLength: 6 }),
        (fields) => {
          const request = readH2({}, fields.flat())
          if ('sentence' in request) return
          const lines = (request as EdgeRequest).lines.split('\r\n')
          expect(lines.length - 1).toBeLessThanOrEqual(fields.length)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('fields', () => {
  test.each([
    ['X-Forwarded-For', 'drop'],
    ['x_forwarded_for', 'drop'],
    ['X-FORWARDED-Anything-At-All', 'drop'],
    ['Forwarded', 'drop'],
    ['X-Real-IP', 'drop'],
    ['Content_Length', 'drop'],
    ['Transfer_Encoding', 'drop'],
    ['Connection', 'connection'],
    ['X-Forward', 'pass'],
    ['User-Agent', 'pass'],
    ['x_own_field', 'pass'],
  ])('treats %s as %s', (name, kind) => {
    expect(requestFieldKind(new ListedFields([name, '']), 0)).toBe(kind)
    const text = `Host: a.test\r\n${name}: \r\n`
    expect(requestFieldKind(new TextFields(text, [0, 6, 14, 16 + name.length, text.length]), 1)).toBe(kind)
  })

  test('reads which fields Connection nominates', () => {
    expect(nominatedFields('keep-alive')).toBeNull()
    expect(nominatedFields('Upgrade, TE')).toBeNull()
    expect(nominatedFields('close, X-A ,, x-b')).toEqual(new Set(['x-a', 'x-b']))
  })

  test('passes no trailer on that would change the message', () => {
    expect(
      passableTrailers([
        'X-Sum',
        ' 1 ',
        'Content-Length',
        '3',
        'Set-Cookie',
        'a',
        'x_forwarded_for',
        'b',
        'Host',
        'c',
      ]),
    ).toEqual(['x-sum', '1'])
  })
})
