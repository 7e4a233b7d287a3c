import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { commandTables } from '../../scripts/command-reference.ts'
import { allOptions, unknownCommands } from '../support/named-commands.ts'
import { programs } from '../../scripts/named-programs.ts'

const pages = globSync(['*.md', 'docs/**/*.md'])

/** Targets of links and pictures that lie in the repository. */
function localLinks(page: string): { file: string; anchor: string | undefined }[] {
  return [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => target.split('#'))
    .map(([file = '', anchor]) => ({ file: file && path.join(path.dirname(page), file), anchor }))
}

function localTargets(page: string): string[] {
  return localLinks(page).flatMap(({ file }) => (file === '' ? [] : [file]))
}

function withoutBlocks(page: string): string {
  return readFileSync(page, 'utf8').replace(/```[^]*?```/g, '')
}

/** Anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = [...withoutBlocks(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('the documentation', () => {
  test('is there', () => {
    expect(pages.length).toBeGreaterThan(5)
  })

  test.each(pages)('%s links only to files and headings that exist', (page) => {
    expect(localTargets(page).filter((target) => !existsSync(target))).toEqual([])
    const linked = localLinks(page).filter(({ file, anchor }) => anchor && /^$|\.md$/.test(file))
    const missing = linked.filter(({ file, anchor = '' }) => !anchorsOf(file || page).includes(anchor))
    expect(missing).toEqual([])
  })

  test('keeps no picture that no page shows', () => {
    const shown = pages.flatMap(localTargets)
    expect(globSync('docs/pictures/**/*.png').filter((picture) => !shown.includes(picture))).toEqual([])
  })

  test.each(pages)('%s names only tests that exist', (page) => {
    const tests = globSync('test/**/*.{test,e2e}.ts')
    const named = [...readFileSync(page, 'utf8').matchAll(/`([\w/.-]+\.(?:test|e2e)\.ts)`/g)]
    const missing = named.filter(([, name = '']) => !tests.some((test) => `/${test}`.endsWith(`/${name}`)))
    expect(missing.map(([, name]) => name)).toEqual([])
  })

  test.each(pages)('%s names only files that exist', (page) => {
    const sources = globSync('{src,scripts,bench,docs,packaging,bin,test}/**/*.{ts,tsx,mjs,mts,md,sh,py,nsh}')
    // The guide names files of the reader's projects by their bare name.
    const folders = page.startsWith('docs/architecture') ? '*' : '+'
    const pattern = new RegExp(`\`((?:[\\w.-]+/)${folders}[\\w.-]+\\.(?:tsx?|m[tj]s|md|sh|py|nsh))\``, 'g')
    const named = [...readFileSync(page, 'utf8').matchAll(pattern)]
    const missing = named.filter(([, name = '']) => !sources.some((file) => `/${file}`.endsWith(`/${name}`)))
    expect(missing.map(([, name]) => name)).toEqual([])
  })

  test('names for each threat the test that holds it off', () => {
    const attackers = globSync('docs/threat-model/*.md').filter((page) => !page.endsWith('/vault.md'))
    const threats = attackers.flatMap((page) => readFileSync(page, 'utf8').split('\n- ').slice(1))
    expect(threats.length).toBeGreaterThan(130)
    expect(threats.filter((threat) => !/`test\/[\w/.-]+\.ts`/.test(threat))).toEqual([])
  })

  test('keeps the threat model readable: pages of at most 12 kB, each listed, without padding', () => {
    const model = globSync('docs/threat-model/*.md')
    const listed = localTargets('docs/threat-model.md')
    expect(model.filter((page) => !listed.includes(page))).toEqual([])
    const texts = ['docs/threat-model.md', ...model].map((page) => readFileSync(page, 'utf8'))
    expect(texts.filter((text) => text.length > 12_000 || /\S {2,}\S/.test(text))).toEqual([])
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

  test('lists what npm test leaves out, and runs all of it at night but what needs a folder of others', () => {
    const parts = ['acme', 'trust', 'packages'].map((part) => `npm test -- ${part}`)
    const conformance = Object.keys(programs['conformance'] ?? {}).map(
      (name) => `npm run conformance -- ${name}`,
    )
    const whole = [...parts, ...conformance]
    const [, list = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('## What `npm test` leaves out')
    const rows =
      list
        .split('\n## ', 1)[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| `')) ?? []
    expect(new Set(rows.map((row) => /`([^`]+)`/.exec(row)?.[1]))).toEqual(new Set(whole))
    const nightly = readFileSync('.github/workflows/nightly.yml', 'utf8')
    const atNight = [...nightly.matchAll(/^ {10}- (npm .*)$/gm)].map(([, command = '']) => command)
    const byHand = rows.filter((row) => row.includes('by hand')).map((row) => /`([^`]+)`/.exec(row)?.[1])
    expect(whole.filter((each) => !atNight.includes(each))).toEqual(byHand)
    expect(atNight.filter((each) => !whole.includes(each))).toEqual([])
  })

  test('names only commands that exist, with options of theirs, as do the texts of the program', () => {
    const files = [...pages, ...globSync('src/**/*.{ts,tsx}')]
    expect(files.flatMap((file) => unknownCommands(readFileSync(file, 'utf8')))).toEqual([])
    const wrong = ['edgekeep serve', 'edgekeep trust instal', 'edgekeep check shop.test --fast']
    expect(unknownCommands(`\`${wrong.join('` `')}\` \`edgekeep --home DIR\``)).toEqual(wrong)
  })

  test('names in its guide only options that a command has, or another program', () => {
    const docker = ['--add-host', '--env', '--volume']
    const others = [...docker, '--ca-certificate', '--cacert', '--network', '--proxy-pac-url', '--resolve']
    const guide = pages.filter((page) => page === 'README.md' || page.startsWith('docs/guide/'))
    const named = guide.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/`(--[a-z][\w-]*)/g)])
    expect(named.length).toBeGreaterThan(300)
    const options = named.map(([, option = '']) => option)
    expect(options.filter((option) => !allOptions.has(option) && !others.includes(option))).toEqual([])
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
