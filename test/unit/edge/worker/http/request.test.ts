import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ListedFields, TextFields } from '../../../../../src/edge/worker/http/fields.ts'
import {
  nominatedFields,
  passableTrailers,
  requestFieldKind,
} from '../../../../../src/edge/worker/http/headers.ts'
import {
  readHttp1Request,
  readHttp2Request,
  type EdgeRequest,
} from '../../../../../src/edge/worker/http/request.ts'

const arrival = {
  secure: true,
  serverName: 'a.test',
  remoteAddress: '127.0.0.1',
  publishedAddress: null,
  clientCertificate: null,
}
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

  test('needs one Host field', () => {
    expect(read({}, [])).toMatchObject({
      status: 400,
      sentence: expect.stringContaining('no Host') as unknown,
    })
    for (const other of ['b.test', 'a.test'])
      expect(read({}, ['Host', 'a.test', 'Host', other])).toMatchObject({ status: 400 })
  })

  test.each([
    ['/a?b=c', 'GET', '/a?b=c', 'a.test'],
    ['*', 'OPTIONS', '*', 'a.test'],
    ['https://B.test:444/x?y', 'GET', '/x?y', 'B.test:444'],
    ['HTTPS://b.test', 'GET', '/', 'b.test'],
    ['https://b.test?q=/', 'GET', '/?q=/', 'b.test'],
    ['https://b.test', 'OPTIONS', '*', 'b.test'],
    ['https://b.test/', 'OPTIONS', '/', 'b.test'],
    ['https://b.test?q', 'OPTIONS', '/?q', 'b.test'],
  ])('with the target %s and %s asks for %s of %s', (target, method, path, host) => {
    expect(read({ target, method })).toMatchObject({ target: path, host })
  })

  test.each([
    '',
    '*',
    'a',
    'a.test:443',
    '/a b',
    '/a#b',
    'ftp://a.test/',
    'http://a.test/',
    'https://a b/',
    'https:///',
  ])('is refused with the target “%s”', (target) => {
    expect(read({ target })).toMatchObject({ status: 400 })
  })

  test('over plain HTTP has no target of HTTPS', () => {
    const plain = { ...arrival, secure: false, serverName: null }
    expect(readHttp1Request(head({ target: 'http://b.test/' }), plain)).toMatchObject({ hostname: 'b.test' })
    expect(readHttp1Request(head({ target: 'https://b.test/' }), plain)).toMatchObject({ status: 400 })
  })

  test.each([
    ['CONNECT', 'a.test:443', 501, 'no tunnels'],
    ['TRACE', '/', 405, 'TRACE'],
    ['BREW', '/', 501, 'this method'],
    ['a b', '/', 400, 'malformed'],
  ])('is not passed on with the method “%s”', (method, target, status, why) => {
    expect(read({ method, target })).toMatchObject({
      status,
      sentence: expect.stringContaining(why) as unknown,
    })
  })

  test('knows what body it has', () => {
    expect(read()).toMatchObject({ bodyLength: 0 })
    expect(read({}, ['Host', 'a.test', 'Content-Length', ' 12 '])).toMatchObject({ bodyLength: 12 })
    expect(read({}, ['Host', 'a.test', 'Transfer-Encoding', 'Chunked'])).toMatchObject({ bodyLength: -1 })
  })

  test.each([
    ...['', '+1', '-1', '0x1', '1.0', '1 1', '1,1', '9'.repeat(16)].map((value) => ['Content-Length', value]),
    ['Content-Length', '1', 'Content-Length', '1'],
    ['Transfer-Encoding', 'gzip, chunked'],
    ['Transfer-Encoding', 'identity'],
    ['Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'],
    ['Transfer-Encoding', 'chunked', 'Content-Length', '1'],
  ])('is refused where its length is doubtful: %s', (...fields) => {
    expect(read({}, ['Host', 'a.test', ...fields])).toMatchObject({ status: 400 })
  })

  test('has no chunks before HTTP/1.1', () => {
    const fields = ['Host', 'a.test', 'Transfer-Encoding', 'chunked']
    expect(read({ minorVersion: 0 }, fields)).toMatchObject({ status: 400 })
  })

  test('expects nothing but 100-continue, and that only where a body is to come', () => {
    const expecting = (change: object, ...fields: string[]) =>
      read(change, ['Host', 'a.test', 'Expect', '100-Continue', ...fields])
    expect(read({}, ['Host', 'a.test', 'Expect', '200-maybe'])).toMatchObject({ status: 417 })
    expect(expecting({}, 'Content-Length', '5')).toMatchObject({ expectsContinue: true })
    expect(expecting({}, 'Transfer-Encoding', 'chunked')).toMatchObject({ expectsContinue: true })
    expect(expecting({ minorVersion: 0 }, 'Content-Length', '5')).toMatchObject({ expectsContinue: false })
    expect(expecting({})).toMatchObject({ expectsContinue: false })
    expect(read({}, ['Host', 'a.test', 'Content-Length', '5'])).toMatchObject({ expectsContinue: false })
  })

  test('says whether it takes trailers', () => {
    const withTe = (te: string) => read({}, ['Host', 'a.test', 'TE', te])
    expect(withTe('deflate, Trailers')).toMatchObject({ acceptsTrailers: true })
    expect(withTe('deflate')).toMatchObject({ acceptsTrailers: false })
    expect(read()).toMatchObject({ acceptsTrailers: false })
  })

  test('asks for a WebSocket in the one way that there is', () => {
    const [upgrade, connection] = [
      ['Upgrade', 'WebSocket'],
      ['Connection', 'keep-alive, Upgrade'],
    ]
    const asking = (change: object, ...fields: string[]) => read(change, ['Host', 'a.test', ...fields])
    expect(asking({}, ...upgrade, ...connection)).toMatchObject({ upgrade: 'websocket' })
    for (const request of [
      asking({ method: 'POST' }, ...upgrade, ...connection),
      asking({ minorVersion: 0 }, ...upgrade, ...connection),
      asking({}, ...upgrade, ...connection, 'Content-Length', '1'),
      asking({}, 'Upgrade', 'h2c', ...connection),
      asking({}, ...upgrade, 'Connection', 'keep-alive'),
      asking({}, ...connection),
    ])
      expect(request).toMatchObject({ upgrade: null, method: expect.any(String) as unknown })
  })
})

describe('a request of HTTP/2', () => {
  const pseudo = { method: 'GET', path: '/', authority: 'a.test', protocol: '' }
  const readH2 = (change: object, headers: string[] = [], endsWithHead = true) =>
    readHttp2Request({ ...pseudo, ...change }, new ListedFields(headers), 0, endsWithHead, arrival)

  test('is asked of its authority, or of its one host field where that is all there is', () => {
    expect(readH2({ path: '/a?b' })).toMatchObject({ target: '/a?b', host: 'a.test', upgrade: null })
    expect(readH2({ path: '*', method: 'OPTIONS' })).toMatchObject({ target: '*' })
    expect(readH2({ authority: '' }, ['host', 'B.test'])).toMatchObject({
      host: 'B.test',
      hostname: 'b.test',
    })
    expect(readH2({}, ['host', 'A.TEST'])).toMatchObject({ host: 'a.test' })
    const twice = readH2({}, ['host', 'a.test', 'host', 'a.test'])
    expect(twice).toMatchObject({ status: 400, sentence: expect.stringContaining('two hosts') as unknown })
  })

  test('knows what body it has', () => {
    expect(readH2({}, ['content-length', '5'])).toMatchObject({ bodyLength: 0 })
    expect(readH2({}, ['content-length', '5'], false)).toMatchObject({ bodyLength: 5 })
    expect(readH2({}, [], false)).toMatchObject({ bodyLength: -1 })
    for (const length of ['', '-1', '5,5', '1e3', '0x5'])
      expect(readH2({}, ['content-length', length], false)).toMatchObject({ status: 400 })
    expect(readH2({}, ['expect', '100-continue'], false)).toMatchObject({ expectsContinue: true })
  })

  test('asks for a WebSocket by CONNECT with that protocol, and makes no other tunnel', () => {
    const websocket = { method: 'CONNECT', protocol: 'websocket' }
    expect(readH2(websocket, [], false)).toMatchObject({ upgrade: 'websocket', bodyLength: 0 })
    expect(readH2({ method: 'GET', protocol: 'websocket' })).toMatchObject({ upgrade: null, method: 'GET' })
    expect(readH2({ method: 'CONNECT' })).toMatchObject({ status: 501 })
    expect(readH2({ method: 'TRACE' })).toMatchObject({ status: 405 })
  })

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
    ['X-Forwarded-', 'drop'],
    ['X-Forwarded-By', 'drop'],
    ['X-Forwarded-Host', 'drop'],
    ['X-Forwarded-Proto', 'drop'],
    ['X-Forwarded-Server', 'drop'],
    ['X-Client-Cert-CN', 'drop'],
    ['X-Client-Cert-V1', 'drop'],
    ['X-Client-Cert-Foo', 'drop'],
    ['X-Client-Cert-Serial', 'drop'],
    ['Forwarded', 'drop'],
    ['X-Real-IP', 'drop'],
    ['Keep-Alive', 'drop'],
    ['HTTP2-Settings', 'drop'],
    ['Proxy-Connection', 'drop'],
    ['Proxy-Authorization', 'drop'],
    ['Client-Cert', 'drop'],
    ['Client-Cert-Chain', 'drop'],
    ['Content_Length', 'drop'],
    ['Transfer_Encoding', 'drop'],
    ['Proxy', 'drop'],
    ['PROXY', 'drop'],
    ['X.Real.IP', 'drop'],
    ['Client.Cert', 'drop'],
    ['client~cert!chain', 'drop'],
    ['Content.Length', 'drop'],
    ['Transfer+Encoding', 'drop'],
    ["Keep'Alive", 'drop'],
    ['http2*settings', 'drop'],
    ['Proxy|Authorization', 'drop'],
    ['TE', 'te'],
    ['Via', 'via'],
    ['Host', 'host'],
    ['Expect', 'expect'],
    ['Accept', 'accept'],
    ['Cookie', 'cookie'],
    ['Upgrade', 'upgrade'],
    ['Connection', 'connection'],
    ['Authorization', 'authorization'],
    ['Content-Length', 'content-length'],
    ['Transfer-Encoding', 'transfer-encoding'],
    ['X-Forward', 'pass'],
    ['Client-Certs', 'pass'],
    ['X-Client-Cert', 'pass'],
    ['User-Agent', 'pass'],
    ['x_own_field', 'pass'],
    ['x.own.field', 'pass'],
    ['Proxies', 'pass'],
    ['Prox-', 'pass'],
    ['X', 'pass'],
    ['T-', 'pass'],
    ['Age', 'pass'],
    ['Date', 'pass'],
    ['Origin', 'pass'],
    ['Referer', 'pass'],
    ['X-Real-IQ', 'pass'],
    ['Keep-Alife', 'pass'],
    ['X-Cookies-A', 'pass'],
    ['Authorisation', 'pass'],
    ['If-None-Matches', 'pass'],
    ['X-Forwarder-For', 'pass'],
    ['Proxy-Connectors', 'pass'],
    ['Transfer-Encodin', 'pass'],
    ['Transfer-Encodings', 'pass'],
    ['Proxy-Authorisation', 'pass'],
    ['Accept-Encoding', 'pass'],
    ['Accept-Charset', 'pass'],
    ['If-Modified-Since', 'pass'],
  ])('treats %s as %s', (name, kind) => {
    expect(requestFieldKind(new ListedFields([name, '']), 0)).toBe(kind)
    const text = `Host: a.test\r\n${name}: \r\n`
    expect(requestFieldKind(new TextFields(text, [0, 6, 14, 16 + name.length, text.length]), 1)).toBe(kind)
  })

  test.each(['X-Forwarded-', 'X_Forwarded_', 'X.Forwarded#', 'X-Client-Cert-', 'X.Client^Cert.'])(
    'drops each whose name begins with %s, however long it is',
    (start) => {
      for (let more = 0; more < 20; more += 1) {
        const name = start + 'a'.repeat(more)
        expect(requestFieldKind(new ListedFields([name, '']), 0), name).toBe('drop')
      }
    },
  )

  test('reads which fields Connection nominates', () => {
    expect(nominatedFields('keep-alive')).toBeNull()
    expect(nominatedFields('Upgrade, TE')).toBeNull()
    for (const usual of ['', 'close', 'Close', ' , ']) expect(nominatedFields(usual)).toBeNull()
    expect(nominatedFields('X-A')).toEqual(new Set(['x-a']))
    expect(nominatedFields('close, X-A ,, x-b')).toEqual(new Set(['x-a', 'x-b']))
    expect(nominatedFields('X_A, x.b')).toEqual(new Set(['x-a', 'x-b']))
  })

  test('are dropped if Connection nominates them, with those that imitate them', () => {
    const headers = ['Host', 'a.test', 'Connection', 'X-A', 'X_A', '1', 'X.a', '2', 'X-B', '3']
    expect(read({}, headers)).toMatchObject({ lines: 'X-B: 3\r\n' })
  })

  test('are refused as trailers if they imitate the edge’s own', () => {
    const names = [
      'X.Real.IP',
      'client!cert',
      'X~Forwarded~For',
      'x.client.cert.verified',
      'Proxy',
      'Content.Length',
    ]
    expect(passableTrailers(names.flatMap((name) => [name, 'x']))).toEqual([])
    expect(passableTrailers(['X.Sum', '1'])).toEqual(['x.sum', '1'])
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
        'X-End',
        '2',
      ]),
    ).toEqual(['x-sum', '1', 'x-end', '2'])
  })
})
