import { expect, test } from 'vitest'
import { clientsByName } from '../../../src/domain/clients-by-name.ts'

const clients = [
  'Google Chrome',
  'Chromium',
  'Firefox, profile a',
  'Go',
  'Python',
  'Python’s requests',
  'Node',
  'Node 22 (nvm)',
].map((name, at) => ({ id: `id:${at}`, name }))
const named = (...wanted: string[]) => clientsByName(clients, wanted).map(({ name }) => name)

test('a client is meant by its id, by whole words of its name, and else by how that begins', () => {
  expect(named('id:1')).toEqual(['Chromium'])
  expect(named('go')).toEqual(['Go'])
  expect(named('goo')).toEqual(['Google Chrome'])
  expect(named('GOOGLE')).toEqual(['Google Chrome'])
  expect(named('chrom', 'firefox')).toEqual(['Chromium', 'Firefox, profile a'])
  expect(named('python')).toEqual(['Python', 'Python’s requests'])
  expect(named('node')).toEqual(['Node', 'Node 22 (nvm)'])
})

test('a name of no client is an error beside names that are known', () => {
  expect(() => named('go', 'netscape', 'mosaic')).toThrow('No client here is called "netscape" or "mosaic".')
})
