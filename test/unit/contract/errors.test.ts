import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EdgekeepError, errorRegistry, placeInWords, problemOf } from '../../../src/contract/errors.ts'

function sourcesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n')
}

const root = join(import.meta.dirname, '../../..')
const product = sourcesBelow(join(root, 'src')).replaceAll(/'[\w.]+': define\(/g, '')
const tests = sourcesBelow(join(root, 'test'))

test.each(Object.keys(errorRegistry))('%s is thrown somewhere, and a test provokes it', (code) => {
  expect({ thrown: product.includes(`'${code}'`), provoked: tests.includes(`'${code}'`) }).toEqual({
    thrown: true,
    provoked: true,
  })
})

test('a place is said in the order in which one looks for it', () => {
  expect(placeInWords({ file: 'shop.pem', block: 2, line: 31 })).toBe('shop.pem, block 2, line 31')
  expect(placeInWords({ file: 'shop.der', offset: 12 })).toBe('shop.der, byte 12')
  expect(placeInWords({ offset: 0 })).toBe('the input, byte 0')
  expect(placeInWords(undefined)).toBe('the input')
})

test('a problem keeps code, sentence and place', () => {
  const error = new EdgekeepError('key.encrypted', { place: { file: 'a.key', block: 1 } })
  expect(problemOf(error)).toEqual({
    code: 'key.encrypted',
    message:
      'The private key in a.key, block 1 has a passphrase. Give the passphrase; the key is then sealed by the vault.',
    place: { file: 'a.key', block: 1 },
  })
})
