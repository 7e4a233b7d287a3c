import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { digestOfScripts, scriptsBehind } from '../../../../../src/cli/commands/develop/scripts-behind.ts'

const root = mkdtempSync(join(tmpdir(), 'edgekeep-scripts-'))
afterAll(() => rmSync(root, { recursive: true }))

function writePackage(folder: string, scripts: Record<string, string>, more = {}): void {
  const file = join(root, folder, 'package.json')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ scripts, ...more }))
}

function reached(line: string, folder = '.'): string[] {
  const scripts = scriptsBehind(root, { folder: join(root, folder), line })
  return scripts.map((script) => join(script.folder, script.name).slice(root.length + 1)).toSorted()
}

writePackage(
  '.',
  {
    predev: 'npm run build',
    dev: 'run-p dev:*',
    'dev:web': 'vite',
    'dev:api': 'node api.mjs',
    build: 'tsc',
    everything: 'turbo run dev',
    loop: 'npm run loop',
    deploy: 'curl x',
  },
  { workspaces: ['apps/*'] },
)
writePackage('apps/shop', { dev: 'vite', test: 'vitest' })
writePackage('apps/blog', { dev: 'astro dev', postdev: 'rm -r dist' })
mkdirSync(join(root, 'apps/shop/src'))

test.each([
  ['npm run dev', ['build', 'dev', 'dev:api', 'dev:web', 'predev']],
  ['npm run dev:web', ['dev:web']],
  ['concurrently "npm:dev:api" "npm:build"', ['build', 'dev:api']],
  ['npm run loop', ['loop']],
  ['node server.mjs', []],
  ['npm --prefix apps/shop test', ['apps/shop/test']],
  ['cd apps/shop && pnpm test', ['apps/shop/test']],
  ['npm --prefix ../elsewhere run build', ['build']],
])('"%s" reaches its scripts, those that they call, and their hooks', (line, scripts) => {
  expect(reached(line)).toEqual(scripts)
})

test.each(['pnpm -r dev', 'npm run dev --workspace=apps/shop', 'npm run everything'])(
  '"%s" reaches the scripts of the workspaces',
  (line) => {
    expect(reached(line)).toEqual(
      expect.arrayContaining(['apps/blog/dev', 'apps/blog/postdev', 'apps/shop/dev', 'dev']),
    )
    expect(reached(line)).not.toContain('apps/shop/test')
  },
)

test('a folder below a package has the scripts of that', () => {
  expect(reached('npm run dev', 'apps/shop/src')).toEqual(['apps/shop/dev'])
})

test('the digest changes with the text, the name and the package of a script, and with nothing else', () => {
  const digest = () => {
    const scripts = scriptsBehind(root, { folder: join(root, 'apps/shop'), line: 'npm run dev' })
    return digestOfScripts(root, scripts)
  }
  const before = digest()
  writePackage('apps/shop', { dev: 'vite', test: 'vitest --watch', other: 'x' })
  expect(digest()).toBe(before)
  writePackage('apps/shop', { dev: 'vite; curl x' })
  expect(digest()).not.toBe(before)
  writePackage('apps/shop', { dev: 'vite', predev: 'curl x' })
  expect(digest()).not.toBe(before)
})

test('a line of many patterns stays quick, and reaches every script', () => {
  const line = Array.from({ length: 100_000 }, (_, at) => `${at}*`).join(' ')
  expect(reached(line, 'apps/blog')).toEqual(['apps/blog/dev', 'apps/blog/postdev'])
})

test.each([
  ['npm ci && npm run dev', ['dev', 'postinstall', 'prepare']],
  ['npm i', ['postinstall', 'prepare']],
  ['yarn', ['postinstall', 'prepare']],
  ['npm t', ['test']],
  ['npm restart', ['start', 'stop']],
  ['npm run "build app"', ['build app']],
])('"%s" reaches also the scripts that it has no word for', (line, scripts) => {
  const all = ['dev', 'test', 'start', 'stop', 'prepare', 'postinstall', 'build app', 'deploy']
  writePackage('implied', Object.fromEntries(all.map((name) => [name, 'true'])))
  const names = scriptsBehind(join(root, 'implied'), { folder: join(root, 'implied'), line })
  expect(names.map(({ name }) => name).toSorted()).toEqual([...new Set([...scripts, 'build app'])].toSorted())
})

test.each([
  ['a byte order mark', '\uFEFF{"scripts":{"dev":"vite"}}'],
  ['a name that is too long', JSON.stringify({ name: 'a'.repeat(301), scripts: { dev: 'vite' } })],
  ['more bytes than are read', JSON.stringify({ x: 'a'.repeat(2 ** 20), scripts: { dev: 'vite' } })],
])('a package.json with %s, which npm reads, is agreed to as a whole', (_, text) => {
  const folder = join(root, 'unreadable')
  mkdirSync(folder, { recursive: true })
  const digestWith = (content: string) => {
    writeFileSync(join(folder, 'package.json'), content)
    const scripts = scriptsBehind(root, { folder, line: 'npm run dev' })
    expect(scripts).toMatchObject([{ folder, name: 'package.json' }])
    expect(scripts[0]?.text).not.toContain('vite')
    return digestOfScripts(root, scripts)
  }
  expect(digestWith(text)).not.toBe(digestWith(text.replace('vite', 'curl x')))
})
