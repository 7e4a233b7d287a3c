import { describe, expect, test } from 'vitest'
import { ListedFields } from '../../../../../src/edge/worker/http/fields.ts'
import type { MessageHead } from '../../../../../src/edge/worker/http/http-parser.ts'
import { hasField, readResponseHead } from '../../../../../src/edge/worker/http/response.ts'

const blank: Omit<MessageHead, 'status' | 'reason' | 'headers'> = {
  ...{ method: '', target: '', minorVersion: 1, keepAlive: true },
}
const headOf = (status: number, headers: string[] = [], reason = 'OK'): MessageHead => ({
  ...blank,
  status,
  reason,
  headers: new ListedFields(headers),
})
const read = (status: number, headers: string[] = [], isHead = false) =>
  readResponseHead(headOf(status, headers), isHead)

describe('the head of a response', () => {
  test('says how long its body is', () => {
    expect(read(200, ['Content-Length', ' 12 '])).toMatchObject({ contentLength: 12, hasBody: true })
    expect(read(200, ['content-length', '0'])).toMatchObject({ contentLength: 0, hasBody: true })
    expect(read(200)).toMatchObject({ contentLength: -1, hasBody: true })
    expect(read(200, ['content-length', '9'.repeat(15)])).toMatchObject({
      contentLength: 999_999_999_999_999,
    })
  })

  test('has no body with HEAD, 204 and 304, whatever it says of its length', () => {
    const length = ['content-length', '12']
    expect(read(200, length, true)).toMatchObject({ contentLength: 12, hasBody: false })
    expect(read(304, length)).toMatchObject({ contentLength: 12, hasBody: false })
    expect(read(204, length)).toMatchObject({ contentLength: -1, hasBody: false })
    expect(read(205, length)).toMatchObject({ contentLength: 12, hasBody: true })
  })

  test.each(['', '-1', '+1', '1 2', '1,1', '0x10', '1e3', '9'.repeat(16), '１'])(
    'is refused with the Content-Length "%s"',
    (length) => {
      expect(read(200, ['content-length', length])).toBe('Its Content-Length is malformed')
    },
  )

  test('is refused with another Transfer-Encoding than chunked, or two', () => {
    expect(read(200, ['transfer-encoding', ' Chunked '])).toMatchObject({ contentLength: -1, hasBody: true })
    for (const coding of ['gzip', 'gzip, chunked', 'chunked, chunked', 'xchunked', ''])
      expect(read(200, ['transfer-encoding', coding])).toBe('Its Transfer-Encoding is unknown')
    const twice = ['transfer-encoding', 'chunked', 'x', 'y', 'Transfer-Encoding', 'chunked']
    expect(read(200, twice)).toBe('It has two Transfer-Encoding fields')
  })

  test('is refused with a Transfer-Encoding in HTTP/1.0', () => {
    const headers = ['transfer-encoding', 'chunked']
    expect(readResponseHead({ ...headOf(200, headers), minorVersion: 0 }, false)).toBe(
      'It has a Transfer-Encoding in HTTP/1.0',
    )
    expect(readResponseHead({ ...headOf(200), minorVersion: 0 }, false)).toMatchObject({ contentLength: -1 })
  })

  test('is refused with a status that is none', () => {
    expect(read(599)).toMatchObject({ status: 599 })
    for (const status of [600, 999]) expect(read(status)).toBe('Its status is not a valid HTTP status')
  })

  test('loses a reason that could not stand in a line of HTTP/1.1', () => {
    const reasonOf = (reason: string) => readResponseHead(headOf(200, [], reason), false)
    for (const reason of ['Not Found', '', 'T\teapot', 'caf\u00e9'])
      expect(reasonOf(reason)).toMatchObject({ reason })
    for (const reason of ['a\rb', 'a\nb', 'a\0b', 'a\x7fb', 'a\u0100b'])
      expect(reasonOf(reason)).toMatchObject({ reason: '' })
  })

  test('tells which of its fields are for one hop', () => {
    const headers = ['a', 'b', 'Content-Length', '1', 'connection', 'a']
    expect(read(200, headers)).toMatchObject({ hop: [0, 1, 2] })
  })

  test('has a field, whatever the case of its name', () => {
    const headers = new ListedFields(['A', 'b', 'Trailer', 'c'])
    expect(['a', 'trailer', 'b', 'trailers'].map((name) => hasField(headers, name))).toEqual([
      ...[true, true, false, false],
    ])
  })
})
