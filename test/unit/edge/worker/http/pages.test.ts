import { describe, expect, test } from 'vitest'
import { problemPage, redirectPage } from '../../../../../src/edge/worker/http/pages.ts'

const valueOf = (headers: string[], name: string) => headers[headers.indexOf(name) + 1]
const problem = { status: 404, sentence: 'There is no <b>"it"</b> & \'that\' here.' }

describe('a page of the edge', () => {
  test('is HTML in which nothing of its sentence is markup', () => {
    for (const accept of ['text/html', '*/*', '', 'text/html, text/plain']) {
      const { status, reason, headers, body } = problemPage(problem, accept)
      expect([status, reason, valueOf(headers, 'content-type')]).toEqual([
        ...[404, 'Not Found', 'text/html; charset=utf-8'],
      ])
      const text = body.toString()
      expect(text).toContain('There is no &#60;b&#62;&#34;it&#34;&#60;/b&#62; &#38; &#39;that&#39; here.')
      expect(text).not.toContain('<b>')
    }
  })

  test('is text for who takes that and no HTML', () => {
    const { headers, body } = problemPage(problem, 'application/json, TEXT/plain')
    expect(valueOf(headers, 'content-type')).toBe('text/plain; charset=utf-8')
    expect(body.toString()).toBe(`404 Not Found\n${problem.sentence}\n`)
  })

  test('says how many bytes it has, and is taken for nothing else than it says', () => {
    const { headers, body } = problemPage({ status: 404, sentence: 'Käse' }, 'text/plain')
    expect(valueOf(headers, 'content-length')).toBe(String(body.length))
    expect(valueOf(headers, 'x-content-type-options')).toBe('nosniff')
    expect(Date.parse(valueOf(headers, 'date') ?? '')).not.toBeNaN()
  })

  test('has the fields of its problem, and a reason for every status', () => {
    const { headers, reason } = problemPage({ ...problem, status: 799, headers: ['retry-after', '1'] }, '')
    expect([headers.slice(0, 2), reason]).toEqual([['retry-after', '1'], 'Error'])
  })

  test('is cached for no longer than its setting if it redirects', () => {
    const { status, headers, body } = redirectPage(301, 'https://shop.test/?a=1&b=2', 'text/html')
    expect([status, valueOf(headers, 'location'), valueOf(headers, 'cache-control')]).toEqual([
      ...[301, 'https://shop.test/?a=1&b=2', 'no-cache'],
    ])
    expect(body.toString()).toContain('https://shop.test/?a=1&#38;b=2')
  })
})
