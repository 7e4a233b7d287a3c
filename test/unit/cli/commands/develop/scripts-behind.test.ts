import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
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

test.each([
  'npm run dev --ws',
  'npm run dev --w=shop',
  'npm_config_workspace=shop npm run dev',
  'pnpm --workspace-root dev',
  'pnpm --filter-prod shop dev',
  'yarn run -T dev',
])('an option of a manager may lead "%s" to every package', (line) => {
  expect(reached(line, 'apps/blog')).toEqual(expect.arrayContaining(['apps/shop/dev', 'dev']))
})

test.each([
  ['.npmrc', 'workspaces=true'],
  ['.npmrc', 'workspace=shop'],
  ['.yarnrc', '--cwd apps/shop'],
])('%s with "%s" may lead to every package, also those in hidden folders', (name, text) => {
  const project = mkdtempSync(join(root, 'wide-'))
  for (const folder of [project, join(project, '.apps/shop')]) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"scripts":{"dev":"vite"}}')
  }
  writeFileSync(join(project, name), text)
  const scripts = scriptsBehind(project, { folder: project, line: 'npm run dev' })
  expect(scripts).toContainEqual({ folder: join(project, '.apps/shop'), name: 'dev', text: 'vite' })
  rmSync(project, { recursive: true })
})

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
  const patterns = (length: number) => Array.from({ length }, (_, at) => `${at}*`).join(' ')
  expect(reached(patterns(500), 'apps/blog')).toEqual(['apps/blog/dev', 'apps/blog/postdev'])
  expect(reached(patterns(100_000), 'apps/blog')).toEqual(expect.arrayContaining(['apps/shop/dev', 'deploy']))
})

test.each([
  'npm run de\\v',
  'npm run d""ev',
  "npm run d'e'v",
  'npm run $NAME',
  'NAME=dev; npm run ${NAME}',
  'npm run $(cat name)',
  'npm run `cat name`',
  'n\\pm run x',
  'cat name | xargs npm run',
  'xargs -a name npm run',
  'npm run < name',
  'eval npm run dev',
  '. ./start',
  'source ./start',
  'pnpm run "/d.v/"',
  'pnpm run /d.v/',
  'npm run x <<< y',
  "npm run $'dev'",
  'node -e "process.getBuiltinModule(/child_process/.source).execSync(/npm run d/.source+/ev/.source)"',
  'python3 -c "import os; os.system(bytes([110, 112, 109]))"',
  'np? run x',
  '/usr/bin/n[p]m run x',
  'np{m,} run x',
  "run-s '@(d)ev'",
  'npm-run-all "+(de)v"',
  "run-p '!(x)'",
  './node_modules/.bin/pnpm run /d.v/',
  'npx pnpm@9 run /d.v/',
])('words that a shell or a runner makes may name every script of the project: %s', (line) => {
  expect(reached(line, 'apps/blog')).toEqual(
    expect.arrayContaining(['apps/blog/dev', 'apps/shop/dev', 'build', 'deploy', 'dev']),
  )
})

test('a script that hides its words reaches every script too, also where it is called by plain words', () => {
  writePackage('hiding', { dev: 'npm run ot""her', other: 'curl x', third: 'npm run dev' })
  const scripts = scriptsBehind(join(root, 'hiding'), { folder: join(root, 'hiding'), line: 'npm run third' })
  expect(scripts.map(({ name }) => name)).toEqual(['third', 'dev', 'other'])
})

test.each([
  ['cd apps && cd shop && npm run dev', ['apps/shop/dev']],
  ['cd apps/shop/src && npm run dev', ['apps/shop/dev']],
  ['turbo run shop#dev', ['apps/shop/dev']],
  ['nx run shop:dev:ci', ['apps/shop/dev']],
  ['pnpm -Fshop dev', ['apps/shop/dev']],
])('"%s" reaches the scripts of the package that its words lead to', (line, scripts) => {
  expect(reached(line)).toEqual(expect.arrayContaining(scripts))
})

describe('files that decide how scripts run are agreed to as a whole', () => {
  const digestWith = (folder: string, line: string) => {
    const scripts = scriptsBehind(folder, { folder, line })
    return { digest: digestOfScripts(folder, scripts), scripts }
  }
  test.each([
    ['.npmrc', 'npm run dev', 'script-shell=./a'],
    ['.npmrc', '/usr/bin/npm run dev', 'script-shell=./a'],
    ['.npmrc', 'nodejs --run dev', 'script-shell=./a'],
    ['turbo.json', 'turbo run dev', '{"tasks":{"dev":{"dependsOn":["a"]}}}'],
    ['.npmrc', 'npx vite', 'node-options=--require ./a'],
    ['.yarnrc.yml', 'yarn dev', 'yarnPath: ./a'],
    ['.yarnrc', 'yarn dev', 'yarn-path "./a"'],
    ['.pnp.cjs', 'yarn dev', 'a'],
    ['.corepack.env', 'yarn dev', 'a'],
    ['bunfig.toml', 'bun run dev', 'preload = ["./a"]'],
    ['pnpm-workspace.yaml', 'pnpm dev', 'scriptShell: ./a'],
    ['package.yaml', 'pnpm dev', 'scripts: { dev: a }'],
    ['package.json5', 'pnpm dev', '{ scripts: { dev: "a" } }'],
    ['.env', 'bun run dev', 'NODE_OPTIONS=--require ./a'],
    ['.env.local', 'bun run dev', 'export npm_config_script_shell=./a'],
    ['Makefile', 'make dev', 'dev:\n\ta'],
    ['justfile', 'just dev', 'dev:\n  a'],
    ['Taskfile.yml', 'task dev', 'a'],
    ['deno.json', 'deno task dev', '{"tasks":{"dev":"a"}}'],
    ['Procfile.dev', 'foreman start', 'web: a'],
    ['composer.json', 'composer run dev', '{"scripts":{"dev":"a"}}'],
  ])('%s of "%s"', (name, line, text) => {
    const folder = mkdtempSync(join(root, 'settings-'))
    const below = join(folder, 'web')
    mkdirSync(below)
    writeFileSync(join(folder, 'package.json'), '{"scripts":{"dev":"vite"}}')
    const before = digestWith(folder, line)
    writeFileSync(join(folder, name), text)
    const { digest, scripts } = digestWith(folder, line)
    expect(scripts.map((script) => script.name)).toContain(name)
    expect(digest).not.toBe(before.digest)
    writeFileSync(join(folder, name), text.replaceAll('a', 'b'))
    expect(digestWith(folder, line).digest).not.toBe(digest)
    // A line that calls no runner is what it is.
    expect(digestWith(folder, 'vite --port 3000').scripts).toEqual([])
  })

  test.each(['.npmrc', 'Makefile'])('%s beside a script of that name', (name) => {
    const folder = mkdtempSync(join(root, 'settings-'))
    const scripts = { dev: `npm run ${name} && make x`, [name]: 'true' }
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts }))
    writeFileSync(join(folder, name), 'script-shell=./a')
    const { digest } = digestWith(folder, 'npm run dev')
    writeFileSync(join(folder, name), 'script-shell=./b')
    expect(digestWith(folder, 'npm run dev').digest).not.toBe(digest)
  })

  test('the question shows no token of them', () => {
    const folder = mkdtempSync(join(root, 'settings-'))
    writeFileSync(join(folder, '.npmrc'), 'script-shell=./x\n//registry/:_authToken=abc/path\n')
    const { scripts } = digestWith(folder, 'npm ci')
    expect(scripts[0]?.text).toMatch(/^script-shell=\.\/x; \(SHA-256 [0-9a-f]{64}\)$/)
  })
})

test('the task that turbo.json puts before another is agreed to, and so are fields of runners', () => {
  const folder = mkdtempSync(join(root, 'turbo-'))
  const write = (other: string, wireit: string) =>
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { dev: 'vite', other }, wireit }))
  const digestOf = (line: string) => digestOfScripts(folder, scriptsBehind(folder, { folder, line }))
  writeFileSync(join(folder, 'turbo.json'), '{"tasks":{"dev":{"dependsOn":["other"]}}}')
  write('tsc', 'a')
  const [turbo, wireit] = [digestOf('turbo run dev'), digestOf('wireit')]
  write('curl x', 'a')
  expect(digestOf('turbo run dev')).not.toBe(turbo)
  write('tsc', 'b')
  expect(digestOf('wireit')).not.toBe(wireit)
})

test('a manifest that differs for each reader is refused', () => {
  const folder = mkdtempSync(join(root, 'device-'))
  symlinkSync('/dev/zero', join(folder, 'package.json'))
  expect(() => scriptsBehind(folder, { folder, line: 'npm run dev' })).toThrow(
    'package.json could not be read: it is no ordinary file',
  )
})

test.each([
  ['npm ci && npm run dev', ['dev', 'postinstall', 'prepare']],
  ['npm i', ['postinstall', 'prepare']],
  ['npm dedupe', ['postinstall', 'prepare']],
  ['npm pack', ['postinstall', 'prepare']],
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
  ['a script named __proto__', '{"scripts":{"dev":"npm run __proto__","__proto__":"vite"}}'],
  ['more bytes than are read', JSON.stringify({ x: 'a'.repeat(2 ** 20), scripts: { dev: 'vite' } })],
])('a package.json with %s, which npm reads, is agreed to as a whole', (_, text) => {
  const folder = join(root, 'unreadable')
  mkdirSync(folder, { recursive: true })
  const digestWith = (content: string) => {
    writeFileSync(join(folder, 'package.json'), content)
    const scripts = scriptsBehind(folder, { folder, line: 'npm run dev' })
    expect(scripts).toMatchObject([{ folder, name: 'package.json' }])
    expect(scripts[0]?.text).not.toContain('vite')
    return digestOfScripts(folder, scripts)
  }
  expect(digestWith(text)).not.toBe(digestWith(text.replace('vite', 'curl x')))
})

test.each([
  ['package.json', '\uFEFF{"scripts":{"dev":"npm run -w other hidden"}}', 'npm run dev'],
  [
    'package.json',
    '{"scripts":{"dev":"wireit"},"wireit":{"dev":{"command":"npm run hidden"}}}',
    'npm run dev',
  ],
  ['Makefile', `dev:\n\tcd other && npm run hidden\n${'#'.repeat(2 ** 20)}`, 'make dev'],
])('a %s of which no line is read may start every script', (name, text, line) => {
  const folder = mkdtempSync(join(root, 'unread-'))
  const other = join(folder, 'other')
  mkdirSync(other)
  writeFileSync(join(folder, name), text)
  writeFileSync(join(other, 'package.json'), '{"scripts":{"hidden":"curl x"}}')
  const hidden = { folder: other, name: 'hidden', text: 'curl x' }
  expect(scriptsBehind(folder, { folder, line })).toContainEqual(hidden)
})
