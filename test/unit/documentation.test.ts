import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandTables } from '../../scripts/command-reference.ts'
import { programs } from '../../scripts/named-programs.ts'

const pages = globSync(['*.md', 'docs/**/*.md'])

/** Targets of links and pictures that lie in the repository, without their anchors. */
function localTargets(page: string): string[] {
  const text = readFileSync(page, 'utf8').replace(/```[^]*?```/g, '')
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

describe('the documentation', () => {
  test('is there', () => {
    expect(pages.length).toBeGreaterThan(5)
  })

  test.each(pages)('%s links only to files that exist', (page) => {
    const missing = localTargets(page).filter((target) => !existsSync(path.join(path.dirname(page), target)))
    expect(missing).toEqual([])
  })

  test('keeps no picture that no page shows', () => {
    const shown = pages.flatMap((page) =>
      localTargets(page).map((target) => path.join(path.dirname(page), target)),
    )
    expect(globSync('docs/pictures/**/*.png').filter((picture) => !shown.includes(picture))).toEqual([])
  })

  test.each(pages)('%s names only tests that exist', (page) => {
    const tests = globSync('test/**/*.{test,e2e}.ts')
    const named = [...readFileSync(page, 'utf8').matchAll(/`([\w/.-]+\.(?:test|e2e)\.ts)`/g)]
    const missing = named.filter(([, name = '']) => !tests.some((test) => `/${test}`.endsWith(`/${name}`)))
    expect(missing.map(([, name]) => name)).toEqual([])
  })

  test.each(pages)('%s names only source files that exist', (page) => {
    const sources = globSync('{src,scripts,bench,packaging,bin,test}/**/*.{ts,tsx,mjs,mts}')
    // The guide names files of the reader's projects by their bare name.
    const folders = page.startsWith('docs/architecture') ? '*' : '+'
    const pattern = new RegExp(`\`((?:[\\w.-]+/)${folders}[\\w.-]+\\.(?:tsx?|m[tj]s))\``, 'g')
    const named = [...readFileSync(page, 'utf8').matchAll(pattern)]
    const missing = named.filter(([, name = '']) => !sources.some((file) => `/${file}`.endsWith(`/${name}`)))
    expect(missing.map(([, name]) => name)).toEqual([])
  })

  test('names for each threat the test that holds it off', () => {
    const [threats = ''] = readFileSync('docs/threat-model.md', 'utf8').split('\n## ', 1)
    const [, , ...rows] = threats.split('\n').filter((line) => line.startsWith('|'))
    expect(rows.length).toBeGreaterThan(40)
    const held = /`test\/[\w/.-]+\.ts`|\(the same(?: file[^)]*)?\)/
    expect(rows.filter((row) => !held.test(row)).map((row) => row.split('|')[2]?.trim())).toEqual([])
  })

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = pages.flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
    )
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([])
  })

  test('names only programs of bench and conformance that exist', () => {
    const named = pages.flatMap((page) => [
      ...readFileSync(page, 'utf8').matchAll(/npm run (bench|conformance) -- ([a-z][\w-]*)/g),
    ])
    expect(named.length).toBeGreaterThan(10)
    const unknown = named.filter(([, group = '', name = '']) => !programs[group]?.[name])
    expect(unknown.map(([text]) => text)).toEqual([])
    const files = Object.values(programs).flatMap((group) => Object.values(group))
    expect(files.filter(({ runs }) => !existsSync(runs.split(' ').at(-1) ?? ''))).toEqual([])
  })

  test('describes every command of the command line as it is: node scripts/command-reference.ts', () => {
    const reference = readFileSync('docs/guide/command-line.md', 'utf8')
    expect(withoutPadding(reference)).toContain(withoutPadding(commandTables()))
  })
})

/** The formatter pads the cells of tables. */
function withoutPadding(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').trim()
}
