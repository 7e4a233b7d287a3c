import type { IncomingMessage, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headerRuleFault, type HeaderRule } from '../../../../../src/contract/domains/header-rules.ts'
import { defaultPolicies } from '../../../../../src/contract/domains/policies.ts'
import { exchangeBytes, routeTo } from '../../../../support/edge/edge.ts'
import { startOrigin } from '../../../../support/edge/origin.ts'
import { edgeWithOrigin } from '../../../../support/edge/edge-with-origin.ts'

let seen: string[] = []

function answer(request: IncomingMessage, response: ServerResponse): void {
  seen = request.rawHeaders
  response.setHeader('X-Powered-By', 'PHP/5')
  response.setHeader('Set-Cookie', ['a=1', 'b=2'])
  response.end('shop')
}

function serve(rules: HeaderRule[]): void {
  edge.apply({
    routes: [routeTo(edge.origin.port, { policies: { ...defaultPolicies, headers: { rules } } })],
  })
}

const rule = (on: HeaderRule['on'], action: HeaderRule['action'], name: string, value = ''): HeaderRule => ({
  on,
  action,
  name,
  value,
})

const seenOf = (name: string) => seen.filter((_, at) => at % 2 === 1 && seen[at - 1]!.toLowerCase() === name)

const edge = edgeWithOrigin(() => startOrigin(answer))

describe.each(['--http1.1', '--http2'])('with %s', (version) => {
  test('the origin gets fields that are set, added and dropped, in the order of the rules', async () => {
    serve([
      rule('request', 'set', 'X-Env', 'local'),
      rule('request', 'add', 'X-Trace', 'second'),
      rule('request', 'drop', 'Accept-Language'),
      rule('request', 'set', 'User-Agent', 'Edgekeep test'),
      rule('request', 'drop', 'X-Env'),
      rule('request', 'add', 'X-Env', 'last'),
    ])
    await edge.curl('https://shop.test/', version, '-H', 'X-Trace: first', '-H', 'Accept-Language: de')
    expect(seenOf('x-trace')).toEqual(['first', 'second'])
    expect(seenOf('x-env')).toEqual(['last'])
    expect(seenOf('accept-language')).toEqual([])
    expect(seenOf('user-agent')).toEqual(['Edgekeep test'])
  })

  test('the client gets them likewise, and other fields stay', async () => {
    serve([
      rule('response', 'drop', 'x-powered-by'),
      rule('response', 'set', 'Cross-Origin-Opener-Policy', 'same-origin'),
      rule('response', 'add', 'Set-Cookie', 'c=3'),
      rule('response', 'set', 'Cache-Control', 'no-store'),
    ])
    const { headers, body } = await edge.curl('https://shop.test/', version)
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['set-cookie']).toBe('a=1\nb=2\nc=3')
    expect(headers['cache-control']).toBe('no-store')
    expect(body).toBe('shop')
  })
})

test('no rule that is accepted can split a message or frame it anew', async () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      'Content-Length',
      'transfer-encoding',
      'X-A',
      'a\r\nX-B: 1',
      'chunked',
      '0',
      'Host',
      ' x ',
    ),
  )
  const anyRule = fc.record({
    on: fc.constantFrom('request' as const, 'response' as const),
    action: fc.constantFrom('set' as const, 'add' as const, 'drop' as const),
    name: anyText,
    value: anyText,
  })
  const request = 'GET / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
  await fc.assert(
    fc.asyncProperty(fc.array(anyRule, { maxLength: 6 }), async (all) => {
      const rules = all.filter((one) => headerRuleFault(one) === null)
      serve(rules)
      const text = await exchangeBytes(await edge.connect(), request)
      const names = text.split('\r\n\r\n', 1)[0]!.split('\r\n').slice(1)
      const ruled = rules.filter(({ on, action }) => on === 'response' && action !== 'drop')
      const own = ['x-powered-by', 'set-cookie', 'content-length', 'date', 'connection', 'keep-alive']
      const allowed = new Set([...own, ...ruled.map(({ name }) => name.toLowerCase())])
      expect(
        names.map((line) => line.split(':', 1)[0]!.toLowerCase()).filter((name) => !allowed.has(name)),
      ).toEqual([])
      expect(text.endsWith('\r\n\r\nshop')).toBe(true)
      expect(seenOf('content-length')).toEqual([])
      expect(seenOf('host')).toEqual(['shop.test'])
    }),
    { numRuns: 150 },
  )
})

const refused: [rule: HeaderRule, why: RegExp][] = [
  [rule('request', 'set', 'Content-Length', '3'), /where a message ends/],
  [rule('response', 'drop', 'Transfer-Encoding'), /where a message ends/],
  [rule('response', 'set', 'Connection', 'close'), /one connection/],
  [rule('request', 'set', 'Host', 'x'), /set with the origin/],
  [rule('request', 'drop', 'X-Forwarded-For'), /who the client is/],
  [rule('request', 'set', 'Forwarded', 'for=x'), /who the client is/],
  [rule('request', 'set', 'X-Client-Cert-Verified', 'SUCCESS'), /who the client is/],
  [rule('request', 'set', 'X_Forwarded_For', 'x'), /"_"/],
  [rule('request', 'set', 'X.Forwarded.For', 'x'), /write it with "-"/],
  [rule('response', 'drop', 'X!Frame'), /write it with "-"/],
  [rule('response', 'set', 'Strict-Transport-Security', 'max-age=1'), /policy of its own/],
  [rule('response', 'set', 'Content-Encoding', 'gzip'), /what the body is/],
  [rule('request', 'set', 'Sec-WebSocket-Key', 'x'), /websocket handshake/],
  [rule('request', 'add', 'Authorization', 'x'), /only one/],
  [rule('response', 'set', 'X-A', 'a\r\nX-B: 1'), /line break/],
  [rule('response', 'set', 'X-A', 'ä'), /no value may have/],
  [rule('response', 'set', 'X-A', ' a'), /space/],
  [rule('response', 'set', 'X A', 'a'), /no field name may have/],
  [rule('response', 'set', '', 'a'), /no name/],
  [rule('response', 'drop', 'X-A', 'a'), /no value/],
]
test.each(refused)('$action $name is refused with its reason', (one, why) => {
  expect(headerRuleFault(one)).toMatch(why)
})
