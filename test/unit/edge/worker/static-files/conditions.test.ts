import { describe, expect, test } from 'vitest'
import { judgeConditions } from '../../../../../src/edge/worker/static-files/conditions.ts'

const etag = '"a-1"'
const at = 'Tue, 24 Nov 2026 12:00:00 GMT'
const before = 'Tue, 24 Nov 2026 11:59:59 GMT'
const after = 'Tue, 24 Nov 2026 12:00:01 GMT'
/** HTTP dates have no parts of a second. */
const file = { etag, mtime: new Date('2026-11-24T12:00:00.900Z') }

function verdict(fields: Record<string, string>) {
  const judged = judgeConditions((name) => fields[name], file)
  return judged.status === 200 ? (judged.mayRange ? 'send' : 'send the whole') : judged.status
}

test('a request without conditions gets the file', () => {
  expect(verdict({})).toBe('send')
})

describe('a condition', () => {
  test.each([
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': `"x", W/${etag} ,"y"` }, 304],
    [{ 'if-none-match': ' * ' }, 304],
    [{ 'if-none-match': '"a-2"' }, 'send'],
    [{ 'if-none-match': '' }, 'send'],
    [{ 'if-modified-since': at }, 304],
    [{ 'if-modified-since': after }, 304],
    [{ 'if-modified-since': before }, 'send'],
    [{ 'if-modified-since': 'yesterday' }, 'send'],
    [{ 'if-match': `"x", ${etag}` }, 'send'],
    [{ 'if-match': '*' }, 'send'],
    [{ 'if-match': '"a-2"' }, 412],
    // Weak tags are never the same file here (RFC 9110, section 13.1.1).
    [{ 'if-match': `W/${etag}` }, 412],
    [{ 'if-unmodified-since': at }, 'send'],
    [{ 'if-unmodified-since': before }, 412],
    [{ 'if-unmodified-since': 'yesterday' }, 'send'],
  ])('%j: %s', (fields, wanted) => {
    expect(verdict(fields)).toBe(wanted)
  })

  test('takes precedence by tag over one by date', () => {
    expect(verdict({ 'if-none-match': '"a-2"', 'if-modified-since': at })).toBe('send')
    expect(verdict({ 'if-none-match': etag, 'if-modified-since': before })).toBe(304)
    expect(verdict({ 'if-match': etag, 'if-unmodified-since': before })).toBe('send')
    expect(verdict({ 'if-match': '"a-2"', 'if-unmodified-since': at })).toBe(412)
  })

  test('is judged first if it demands the same file', () => {
    expect(verdict({ 'if-match': '"a-2"', 'if-none-match': etag })).toBe(412)
    expect(verdict({ 'if-unmodified-since': before, 'if-modified-since': at })).toBe(412)
    expect(verdict({ 'if-match': etag, 'if-none-match': etag })).toBe(304)
  })
})

describe('ranges are sent', () => {
  test.each([
    [etag, 'send'],
    [at, 'send'],
    ['"a-2"', 'send the whole'],
    [`W/${etag}`, 'send the whole'],
    [before, 'send the whole'],
    [after, 'send the whole'],
    ['yesterday', 'send the whole'],
  ])('only of the file that the client has: If-Range %s: %s', (ifRange, wanted) => {
    expect(verdict({ 'if-range': ifRange })).toBe(wanted)
  })
})
