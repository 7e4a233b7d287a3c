import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ListedFields, TextFields, type Fields } from '../../../../../src/edge/worker/http/fields.ts'
import { addResponseFields, responseLines } from '../../../../../src/edge/worker/http/response.ts'
import { applicationFieldName } from '../../../../../src/contract/text/field-name.ts'
import { fieldsInBothForms } from '../../../../support/edge/fields-in-both-forms.ts'
import { HttpParser } from '../../../../../src/edge/worker/http/http-parser.ts'
import { readRequestFields } from '../../../../../src/edge/worker/http/request-fields.ts'

const limits = { headBytes: 64 * 1024, headerFields: 64 }

function parsed(kind: 'request' | 'response', lines: string): Fields {
  const parser = new HttpParser(kind, limits)
  const start = kind === 'request' ? 'GET / HTTP/1.1' : 'HTTP/1.1 200 OK'
  const step = parser.execute(Buffer.from(`${start}\r\n${lines}\r\n`, 'latin1'))
  expect(step, parser.refusal).toBe('head')
  const { headers } = parser.head
  parser.close()
  return headers
}

const name = fc.oneof(
  fc.constantFrom('Host', 'Via', 'TE', 'Cookie', 'Accept', 'Connection', 'Upgrade', 'Keep-Alive', 'ETag'),
  fc.constantFrom('X-Forwarded-For', 'x_forwarded_for', 'X-Client-Cert-Subject', 'Forwarded', 'Date'),
  fc.stringMatching(/^[A-Za-z0-9_!#$%&'*+.^`|~-]{1,20}$/),
)
const value = fc.stringMatching(/^(?:[!-~\x80-\xff](?:[ -~\x80-\xff]{0,30}[!-~\x80-\xff])?)?$/)
const line = fc.record({
  name,
  value,
  before: fc.constantFrom(' ', ' ', ' ', '', '  ', '\t'),
  after: fc.constantFrom('', '', '', ' ', '\t '),
})
const plainLine = fc.record({ name, value: value.filter((text) => text !== '') })

describe('the fields of a head', () => {
  test('stay one text where the lines are as we would write them', () => {
    const fields = parsed('request', 'Host: a.test\r\nAccept: */*\r\nX-A: 1\r\n')
    expect(fields).toBeInstanceOf(TextFields)
    expect(fields.list()).toEqual(['Host', 'a.test', 'Accept', '*/*', 'X-A', '1'])
    expect(fields.lines(1, 3)).toBe('Accept: */*\r\nX-A: 1\r\n')
    expect(fields.isNamed(0, 'host')).toBe(true)
    expect(fields.isNamed(0, 'hos')).toBe(false)
    expect(fields.isNamed(1, 'accepT')).toBe(false)
    expect(fields.resemblesStart(2, 'x-')).toBe(true)
    expect(fields.resemblesStart(2, 'x-a-')).toBe(false)
  })

  test.each(['A:1', 'A:  1', 'A:\t1', 'A:', 'A: ', 'B: 1\r\nA:1', 'A:1\r\nB: 1'])(
    'are a list for %j',
    (lines) => {
      expect(parsed('response', `${lines}\r\n`)).toBeInstanceOf(ListedFields)
    },
  )

  test('do not take one character for another that differs by the bit of the case', () => {
    for (const fields of [new ListedFields(['k@te^', '']), new TextFields('k@te^: \r\n', [0, 7, 9])]) {
      expect(fields.isNamed(0, 'k`te~')).toBe(false)
      expect(fields.isNamed(0, 'k@te^')).toBe(true)
    }
  })

  test('compare every letter of a name, the first and A and Z as well', () => {
    const text = 'Most: \r\nA-Z: \r\n'
    for (const fields of [
      new ListedFields(['Most', '', 'A-Z', '']),
      new TextFields(text, [0, 6, 8, 13, 15]),
    ]) {
      expect(fields.isNamed(0, 'host')).toBe(false)
      expect(fields.isNamed(1, 'a-z')).toBe(true)
      expect(fields.resemblesStart(1, 'a-z')).toBe(true)
    }
  })

  test('resemble the field that an application takes them for, in both forms', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }), (name) => {
        const seen = applicationFieldName(name)
        for (const fields of fieldsInBothForms([[name, '']])) {
          expect(fields.resembles(0, seen)).toBe(true)
          expect(fields.resembles(0, `${seen}-`)).toBe(false)
          expect(fields.resembles(0, `${seen.slice(1)}x`)).toBe(seen === `${seen.slice(1)}x`)
          expect(fields.resemblesStart(0, seen.slice(0, -1))).toBe(true)
        }
      }),
    )
  })

  test('say the same as a list and as a text', () => {
    fc.assert(
      fc.property(fc.array(plainLine, { maxLength: 12 }), (wanted) => {
        const fields = parsed('request', wanted.map((one) => `${one.name}: ${one.value}\r\n`).join(''))
        const list = wanted.flatMap((one) => [one.name, one.value])
        const listed = new ListedFields(list)
        expect(fields.list()).toEqual(list)
        expect(readRequestFields(fields)).toEqual(readRequestFields(listed))
        expect(responseLines(fields)).toBe(responseLines(listed))
        const [one, other]: string[][] = [[], []]
        addResponseFields(one!, fields)
        addResponseFields(other!, listed)
        expect(one).toEqual(other)
      }),
    )
  })

  test('become lines of ours, however they were spaced', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (given) => {
        const lines = given.map((one) => `${one.name}:${one.before}${one.value}${one.after}\r\n`).join('')
        const fields = parsed('response', lines)
        expect(fields.count).toBe(given.length)
        const written = fields.lines(0, fields.count)
        expect(written).toBe(new ListedFields(fields.list()).lines(0, fields.count))
        given.forEach((one, at) => {
          expect(fields.name(at)).toBe(one.name)
          expect(fields.value(at).trim()).toBe(one.value.trim())
        })
      }),
    )
  })
})
