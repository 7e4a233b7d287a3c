import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { automataJudge, judgePatterns } from '../../scripts/patterns.ts'

const tree = mkdtempSync(path.join(tmpdir(), 'edgekeep-patterns-'))
afterAll(() => rmSync(tree, { recursive: true }))

let judge: Awaited<ReturnType<typeof automataJudge>>
beforeAll(async () => {
  judge = await automataJudge()
})

let folders = 0
function judged(code: string, table: RegExp[] = []) {
  const root = path.join(tree, String((folders += 1)))
  mkdirSync(path.join(root, 'deep'), { recursive: true })
  writeFileSync(path.join(root, 'deep/sample.ts'), `// One line before.\nexport const it = ${code}\n`)
  return judgePatterns(
    root,
    table.map((pattern) => ({ pattern, reason: 'It never meets foreign text.' })),
    judge,
  ).findings
}

describe('the check of patterns refuses', () => {
  test.each([
    // Patterns like the one that blocked the engine for a minute.
    [String.raw`/^\s*\d*\s*[;,]\s*url/i`, 'is not linear: 2nd degree polynomial'],
    [String.raw`/\s+$/`, 'is not linear: 2nd degree polynomial'],
    [String.raw`text.replace(/[.-]+$/g, '')`, 'is not linear: 2nd degree polynomial'],
    [String.raw`/^(a+)+$/`, 'is not linear: exponential'],
    [String.raw`/(a)\1b*c/`, 'is not proven to be linear: write it simpler, or in code'],
    [`new RegExp(text)`, 'makes a pattern of a text, which cannot be judged'],
    ["RegExp('a')", 'makes a pattern of a text, which cannot be judged'],
  ])('%s', (code, sentence) => {
    const [finding = '', ...more] = judged(code)
    expect(more).toEqual([])
    expect(finding).toMatch(/^deep\/sample\.ts:2 /)
    expect(finding.endsWith(sentence)).toBe(true)
  })

  test('a row of the table that no pattern needs any more', () => {
    expect(judged('1', [/a+/])).toEqual(['/a+/ is in the table and nowhere else'])
  })
})

test('it accepts what is proven, and the entries of the table', () => {
  expect(judged(String.raw`/^[a-z]+:[0-9]*$/`)).toEqual([])
  expect(judged(String.raw`/\s+$/`, [/\s+$/])).toEqual([])
})
