import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curlLine } from '../../../../../src/renderer/features/traffic/curl.ts'
import { exchangeDetail } from './rows.ts'

/** Splits a line into words with a real shell. */
function wordsOf(line: string): string[] {
  const script = `set -- ${line}\nfor word in "$@"; do printf '%s\\0' "$word"; done`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('the curl line of an exchange', () => {
  test('maps the name to this edge, port and all', () => {
    const line = curlLine(exchangeDetail({ url: 'https://shop.test:8443/cart?id=***' }))
    expect(wordsOf(line)).toEqual([
      'curl',
      '--path-as-is',
      '--globoff',
      '--http1.1',
      '--resolve',
      'shop.test:8443:127.0.0.1',
      '--header',
      'accept: text/html',
      'https://shop.test:8443/cart?id=***',
    ])
  })

  test.each([
    ['https://shop.test/', 'shop.test:443:127.0.0.1'],
    ['http://shop.test/', 'shop.test:80:127.0.0.1'],
  ])('knows the usual port of %s', (url, mapping) => {
    expect(wordsOf(curlLine(exchangeDetail({ url })))).toContain(mapping)
  })

  test('maps no address', () => {
    expect(curlLine(exchangeDetail({ url: 'http://127.0.0.1:8080/' }))).not.toContain('--resolve')
    expect(curlLine(exchangeDetail({ url: 'http://[::1]:8080/' }))).not.toContain('--resolve')
  })

  test('says the method and HTTP/2, and leaves out what belongs to the connection', () => {
    const fields = [
      { name: 'host', value: 'shop.test', masked: false },
      { name: 'content-length', value: '3', masked: false },
      { name: 'x-empty', value: '', masked: false },
    ]
    const words = wordsOf(
      curlLine(exchangeDetail({ method: 'POST', protocol: 'HTTP/2', request: { fields, cut: false } })),
    )
    expect(words).toEqual(expect.arrayContaining(['--http2', '--request', 'POST', 'x-empty;']))
    expect(words.join(' ')).not.toMatch(/host:|content-length/)
    expect(wordsOf(curlLine(exchangeDetail({ method: 'HEAD' })))).toContain('--head')
  })

  test('is the same words to a real shell, whatever a request holds', () => {
    const hostile = fc.stringMatching(/^[ -~]{1,60}$/)
    fc.assert(
      fc.property(hostile, hostile, (path, value) => {
        const url = `https://shop.test/${path}`
        const fields = [{ name: 'x-value', value, masked: false }]
        const words = wordsOf(curlLine(exchangeDetail({ url, request: { fields, cut: false } })))
        expect(words.at(-1)).toBe(url)
        expect(words.at(-2)).toBe(`x-value: ${value}`)
      }),
      { numRuns: 60 },
    )
  })
})
