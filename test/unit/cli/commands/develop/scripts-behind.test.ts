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
