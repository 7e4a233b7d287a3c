import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  EdgekeepError,
  errorRegistry,
  formatPlace,
  problemOf,
} from '../../../../src/contract/errors/registry.ts'

function sourcesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n')
}

const root = join(import.meta.dirname, '../../../..')
const folder = join(root, 'src/contract/errors')
const product = sourcesBelow(join(root, 'src')).replaceAll(/'[\w.]+': define\(/g, '')

const withoutCodes = [
  'acme-problem.ts',
  'asked-server.ts',
  'changed-meanwhile.ts',
  'define.ts',
  'place.ts',
  'registry.ts',
]

// The end of `npm test` checks that a test provokes each code.
test.each(Object.keys(errorRegistry))('%s is thrown somewhere', (code) => {
  expect(product).toContain(`'${code}'`)
})

test('the codes of one prefix are in one file, and none is listed twice', async () => {
  const files = globSync('*.ts', { cwd: folder }).filter((file) => !withoutCodes.includes(file))
  const codes = await Promise.all(
    files.map(async (file) =>
      Object.values((await import(join(folder, file))) as object).flatMap((errors: object) =>
        Object.keys(errors).map((code) => ({ code, file })),
      ),
    ),
  )
  expect(
    codes
      .flat()
      .map(({ code }) => code)
      .toSorted(),
  ).toEqual(Object.keys(errorRegistry).toSorted())
  const places = new Set(codes.flat().map(({ code, file }) => `${code.split('.')[0]} in ${file}`))
  expect(places.size).toBe(new Set(codes.flat().map(({ code }) => code.split('.')[0])).size)
})

test('a place is said in the order in which one looks for it', () => {
  expect(formatPlace({ file: 'shop.pem', block: 2, line: 31 })).toBe('shop.pem, block 2, line 31')
  expect(formatPlace({ file: 'shop.der', offset: 12 })).toBe('shop.der, byte 12')
  expect(formatPlace({ offset: 0 })).toBe('the input, byte 0')
  expect(formatPlace(undefined)).toBe('the input')
})

test('a problem keeps code, sentence and place', () => {
  const error = new EdgekeepError('key.encrypted', { place: { file: 'a.key', block: 1 } })
  expect(problemOf(error)).toEqual({
    code: 'key.encrypted',
    message: 'The private key in a.key, block 1 is encrypted. Enter its passphrase.',
    place: { file: 'a.key', block: 1 },
  })
})
