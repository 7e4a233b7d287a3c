import { describe, expect, test } from 'vitest'
import { ListedFields } from '../../../../../src/edge/worker/http/fields.ts'
import { readRequestFields } from '../../../../../src/edge/worker/http/request-fields.ts'
import { fieldsInBothForms, lineOf, type Field } from '../../../../support/edge/fields-in-both-forms.ts'

/** Forwarded fields, equal for both forms of input. */
function passedOf(...fields: Field[]): string {
  const [listed, text] = fieldsInBothForms(fields).map((given) => readRequestFields(given).lines)
  expect(text).toBe(listed)
  return text!
}

const read = (...fields: Field[]) => readRequestFields(new ListedFields(fields.flat()))
const [host, one, two]: Field[] = [
  ['Host', 'a.test'],
  ['X-One', '1'],
  ['X-Two', '2'],
]
const oneAndTwo = lineOf(one!) + lineOf(two!)

describe('request fields', () => {
  test('fields without a meaning for a gateway are passed on unchanged', () => {
    expect(passedOf()).toBe('')
    expect(passedOf(one!, two!)).toBe(oneAndTwo)
    expect(passedOf(host!, one!, two!)).toBe(oneAndTwo)
    expect(passedOf(one!, host!, ['Connection', 'close'], two!)).toBe(oneAndTwo)
    expect(passedOf(one!, two!, host!)).toBe(oneAndTwo)
    expect(passedOf(host!)).toBe('')
  })

  test('Accept and Authorization are passed on, and read as well', () => {
    const fields: Field[] = [one!, ['Accept', 'a/b'], ['Authorization', 'Basic x'], ['Accept', 'c/d'], two!]
    expect(passedOf(...fields)).toBe(fields.map(lineOf).join(''))
    expect(read(...fields)).toMatchObject({ accept: 'a/b, c/d', bindsConnection: false })
  })

  test('those of HTTP/2 are read from where the pseudo-header fields end', () => {
    const headers = new ListedFields([':path', '/', ...one!, ...two!])
    expect(readRequestFields(headers, 1).lines).toBe(oneAndTwo)
  })

  test('fields that the edge sets itself are not passed on', () => {
    expect(passedOf(one!, ['X-Forwarded-For', '1'], ['x_client_cert_subject', '2'], two!)).toBe(oneAndTwo)
  })

  test('cookies that came in pieces become one field', () => {
    const joined = passedOf(['cookie', 'a=1'], one!, ['cookie', 'b=2'], ['cookie', 'c=3'], two!)
    expect(joined).toBe(`${oneAndTwo}cookie: a=1; b=2; c=3\r\n`)
    expect(passedOf(['Cookie', 'a=1'])).toBe('cookie: a=1\r\n')
  })

  test('fields that Connection names are not passed on', () => {
    const connection: Field = ['Connection', 'close, X-One']
    const alike: Field = ['x-one-more', '3']
    expect(passedOf(one!, connection, ['connection', 'x-three'], ['X-Three', '3'], two!, alike)).toBe(
      lineOf(two!) + lineOf(alike),
    )
    expect(passedOf(['x-one', '1'], connection, ['axone', '2'])).toBe('axone: 2\r\n')
  })

  test('a repeated field counts with both values', () => {
    const twice = (name: string): Field[] => [
      [name, 'A'],
      [name, 'B'],
    ]
    const names = [
      'Host',
      'Content-Length',
      'Transfer-Encoding',
      'Connection',
      'Upgrade',
      'Expect',
      'TE',
      'Via',
    ]
    expect(read(...names.flatMap(twice))).toEqual({
      lines: '',
      hosts: ['A', 'B'],
      contentLength: 'A,B',
      transferEncoding: 'A,B',
      connection: 'A, B',
      upgrade: 'A, B',
      expect: 'a, b',
      te: 'A, B',
      via: 'A, B',
      accept: '',
      bindsConnection: false,
    })
  })

  test('an absent field is distinguished from an empty one where that matters', () => {
    expect(read()).toMatchObject({ contentLength: null, transferEncoding: null })
    expect(read(['Content-Length', ''], ['Transfer-Encoding', ' '])).toMatchObject({
      contentLength: '',
      transferEncoding: '',
    })
  })

  test.each([
    ['NTLM TlRMTVNTUAAB', true],
    ['negotiate YII=', true],
    ['Kerberos', true],
    ['Basic bnRsbTo=', false],
    ['NTLMv3 x', false],
    ['Bearer ntlm', false],
  ])('Authorization “%s” logs in to the connection: %s', (value, binds) => {
    expect(read(['Authorization', value]).bindsConnection).toBe(binds)
    expect(read(['Authorization', value], ['Authorization', 'Basic x']).bindsConnection).toBe(binds)
    expect(read(['Authorization', 'Basic x'], ['Authorization', value]).bindsConnection).toBe(binds)
  })
})
