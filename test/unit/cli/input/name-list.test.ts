import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readNameList } from '../../../../src/cli/input/name-list.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgekeep-list-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(content: string | Uint8Array) {
  const path = join(folder, 'list.csv')
  writeFileSync(path, content)
  return readNameList(path)
}

describe('a list of names', () => {
  test('is one a line, with comments', async () => {
    expect(await read('a.test\r\n\n # later\n b.test \na.test')).toEqual([
      { name: 'a.test' },
      { name: 'b.test' },
    ])
  })

  test.each([
    ['commas', 'Name,Origin,ignored,certificate\na.test,3000,x,free\n"b.test",,"y,\n",\n'],
    ['semicolons and a byte order mark', '\uFEFFdomain;origin;certificate\na.test;3000;free\nb.test;;\n'],
    ['tabs', 'origin\tname\tcertificate\n3000\ta.test\tfree\n\tb.test\t\n'],
  ])('is CSV with %s', async (_, content) => {
    expect(await read(content)).toEqual([
      { name: 'a.test', origin: '3000', certificate: 'free' },
      { name: 'b.test' },
    ])
  })

  test.each([
    ['a row without a name', 'name,origin\n,3000\n', /line 2: it has no name/],
    ['a line with several names', 'a.test, b.test\n', /line 1: give one name a line/],
    ['too many cells', 'name,origin\na.test,1\nb.test,2,3\n', /line 3: it has not as many cells/],
    ['an open quote', 'name,origin\n"a.test,1\n', /no CSV/],
    ['a column that is there twice', 'name,origin,origin\na.test,1,2\n', /column "origin" is there twice/],
    ['no names', '# nothing\n', /it has no names/],
    ['no text', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), /no text in UTF-8/],
    ['a line without an end', `name\n${'x'.repeat(9000)}`, /longer than 8192 characters/],
    [
      'too many names',
      'a.test\n'.repeat(1) + Array.from({ length: 10_000 }, (_, at) => `n${at}.test`).join('\n'),
      /more than 10,000 rows/,
    ],
    ['too many bytes', new Uint8Array(4 * 1024 * 1024 + 1).fill(0x61), /at most 4 MiB|at most 4/],
  ])('is refused for %s', async (_, content, reason) => {
    await expect(read(content)).rejects.toMatchObject({
      code: 'input.invalid',
      message: expect.stringMatching(reason) as string,
    })
  })

  test('takes no key of an object from a heading', async () => {
    const [row] = await read('__proto__,constructor,name\n1,2,a.test\n')
    expect(row).toEqual({ name: 'a.test' })
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  })
})
