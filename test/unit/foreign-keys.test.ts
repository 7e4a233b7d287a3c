import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { judgeKeys } from '../../scripts/foreign-keys.ts'

const tree = mkdtempSync(path.join(tmpdir(), 'edgekeep-keys-'))
afterAll(() => rmSync(tree, { recursive: true }))

function judged(code: string, table: { text: string }[] = []) {
  writeFileSync(path.join(tree, 'sample.ts'), `// One line before.\n${code}\n`)
  const rows = table.map((row) => ({ ...row, file: 'sample.ts', reason: 'Its keys are ours.' }))
  return judgeKeys(tree, rows).findings
}

test.each([
  // The pattern that crashed the worker.
  ['const uses: Record<string, number[]> = { img: [1] }', 'Record<string, number[]>'],
  ['const decoders = { gzip } as Record<string, () => void>', 'Record<string, () => void>'],
  ['function read(names: Readonly<Record<string, string>>) {}', 'Record<string, string>'],
  ['let some: Partial<Record<string, number>>', 'Record<string, number>'],
  ['interface Words { [code: string]: string }', '[code: string]: string'],
  ['const byName = Object.fromEntries(pairs)', 'Object.fromEntries'],
  ['const schema = z.record(z.string(), z.number())', 'z.record'],
  ['const word = words[code as keyof typeof words]', 'words[code as keyof typeof words]'],
  ['const is = name in words', 'name in words'],
])('a key from outside is refused in `%s`', (code, text) => {
  const [finding, ...more] = judged(code)
  expect(more).toEqual([])
  expect(finding).toMatchObject({ file: 'sample.ts', line: 2 })
  expect(finding?.sentence.startsWith(`\`${text}\` `)).toBe(true)
  expect(judged(code, [{ text }])).toEqual([])
})

test.each([
  'const uses = new Map<string, number[]>()',
  "const words = { a: 1 } satisfies Record<string, number>; const one = words['a']",
  "const states: Record<'up' | 'down', number> = { up: 1, down: 0 }",
  'const byKind = Object.fromEntries(pairs) as Registry',
  "const is = 'stack' in error",
  'const there = Object.hasOwn(words, name)',
  'const first = list[at]',
])('`%s` is let pass', (code) => {
  expect(judged(code)).toEqual([])
})

test('a row of the table that nothing needs any more is refused', () => {
  expect(judged('const a = 1', [{ text: 'z.record' }])).toEqual([
    { file: 'sample.ts', line: 1, sentence: '`z.record` is in the table and not in the file' },
  ])
})
