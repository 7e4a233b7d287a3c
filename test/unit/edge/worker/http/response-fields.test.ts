import { describe, expect, test } from 'vitest'
import { addResponseFields, hopFields, responseLines } from '../../../../../src/edge/worker/http/response.ts'
import { fieldsInBothForms, lineOf, type Field } from '../../../../support/edge/fields-in-both-forms.ts'

/** Expects that of `fields` just `passed` are passed on, over both versions of HTTP. */
function expectPassed(fields: Field[], passed: Field[]): void {
  for (const given of fieldsInBothForms(fields)) {
    expect(responseLines(given)).toBe(passed.map(lineOf).join(''))
    const listed = ['before', '1']
    addResponseFields(listed, given)
    expect(listed).toEqual(['before', '1', ...passed.flatMap(([name, value]) => [name.toLowerCase(), value])])
  }
}

const [first, middle, last]: Field[] = [
  ['ETag', '"1"'],
  ['X-B', '2'],
  ['Server', 'origin'],
]

describe('response fields', () => {
  test('fields without a meaning for the connection are passed on', () => {
    expectPassed([], [])
    expectPassed([first!, middle!, last!], [first!, middle!, last!])
  })

  test.each([
    'TE',
    'Upgrade',
    'Connection',
    'Keep-Alive',
    'Content-Length',
    'HTTP2-Settings',
    'Proxy-Connection',
    'Transfer-Encoding',
    'Proxy-Authenticate',
  ])('%s is not passed on, wherever it stands, and what only looks like it is', (name) => {
    const hop: Field = [name, 'close']
    for (const named of [hop, [name.toUpperCase(), 'close'] as Field]) {
      expectPassed([named], [])
      expectPassed([named, first!, last!], [first!, last!])
      expectPassed([first!, named, named, last!], [first!, last!])
      expectPassed([first!, last!, named], [first!, last!])
    }
    const alike: Field[] = [
      [`${name.slice(0, -1)}z`, '1'],
      [`x${name}`, '2'],
    ]
    expectPassed([first!, ...alike, last!], [first!, ...alike, last!])
  })

  test('fields that Connection names are not passed on, also across several Connection fields', () => {
    expectPassed(
      [
        ['x-b', '0'],
        ['Connection', 'close, X-B'],
        first!,
        ['connection', 'x-c'],
        ['X-C', '1'],
        middle!,
        last!,
      ],
      [first!, last!],
    )
    expectPassed([['Connection', ' Keep-Alive , ETag '], first!, last!], [last!])
    expectPassed([['Connection', 'close'], first!, last!], [first!, last!])
    expectPassed([['Connection', 'x-c'], ['Keep-Alive', 'x-b'], middle!], [middle!])
    expectPassed(
      [
        ['Connection', 'x-c'],
        ['Null', ''],
      ],
      [['Null', '']],
    )
  })

  test('those that are not passed on are found in their order', () => {
    const fields: Field[] = [['X-B', '0'], first!, ['Connection', 'x-b'], ['Upgrade', 'h2c'], middle!]
    for (const given of fieldsInBothForms(fields)) expect(hopFields(given)).toEqual([0, 2, 3, 4])
  })

  test('names as long as known ones stay as they are', () => {
    expectPassed(
      [
        ['Foo', '1'],
        ['X-Powered-As', '2'],
        ['AGE', '3'],
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
      ],
      [
        ['Foo', '1'],
        ['X-Powered-As', '2'],
        ['AGE', '3'],
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
      ],
    )
  })
})
