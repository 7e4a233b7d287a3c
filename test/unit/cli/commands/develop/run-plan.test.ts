import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { planRun, argvWithPort } from '../../../../../src/cli/commands/develop/run-plan.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

function project(files: Record<string, string | object>): string {
  const root = join(temporaryFolder(), 'checkout')
  for (const [name, content] of Object.entries({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

const dev = (name: string, script: string) => ({ name, scripts: { dev: script } })
const planned = (folder: string, command: string[] = [], name?: string) =>
  planRun(folder, { command, name }).services.map((service) => ({
    name: service.name,
    first: service.names[0],
    line: argvWithPort(service, 4000).join(' '),
    framework: service.framework?.name,
  }))

describe('the command', () => {
  test.each([
    ['vite', 'Vite', '-- --port 4000 --host 127.0.0.1 --strictPort'],
    ['NODE_ENV=development vite dev --open', 'Vite', '-- --port 4000 --host 127.0.0.1 --strictPort'],
    ['cross-env A=1 node_modules/.bin/ng serve', 'Angular', '-- --port 4000 --host 127.0.0.1'],
    ['astro dev', 'Astro', '-- --port 4000 --host 127.0.0.1'],
    ['next dev --turbopack', 'Next.js', '-- --hostname localhost'],
    [
      'webpack serve --mode development',
      'webpack-dev-server',
      '-- --port 4000 --host 127.0.0.1 --client-web-socket-url auto://0.0.0.0:0/ws',
    ],
    // A port of its own, a second program, and a server that reads PORT get no arguments.
    ['vite --port 3000', 'Vite', ''],
    ['vite & node api.mjs', undefined, ''],
    ['node server.mjs', undefined, ''],
    ['vitest', undefined, ''],
  ])('of the script "%s" gets the arguments of its server', (script, framework, args) => {
    const [service] = planned(project({ 'package.json': dev('shop', script) }))
    expect(service).toMatchObject({ line: `npm run dev ${args}`.trim(), framework: framework ?? undefined })
  })

  test.each([
    ['pnpm-lock.yaml', 'pnpm run dev --port'],
    ['yarn.lock', 'yarn run dev --port'],
    ['bun.lock', 'bun run dev --port'],
  ])('is started by the package manager of %s', (lock, line) => {
    const [service] = planned(project({ 'package.json': dev('shop', 'vite'), [lock]: '' }))
    expect(service?.line).toContain(line)
  })

  test.each([
    [['npm', 'run', 'start'], 'npm run start -- --port 4000 --host 127.0.0.1 --strictPort'],
    [['npx', 'vite'], 'npx vite --port 4000 --host 127.0.0.1 --strictPort'],
    [['python3', 'manage.py', 'runserver'], 'python3 manage.py runserver 127.0.0.1:4000'],
    [['python3', 'manage.py', 'runserver', '8000'], 'python3 manage.py runserver 8000'],
    [['bin/rails', 'server'], 'bin/rails server -p 4000 -b 127.0.0.1'],
    [['php', '-S', '127.0.0.1:8000'], 'php -S 127.0.0.1:8000'],
  ])('that is given, %j, is recognised too', (command, line) => {
    const folder = project({ 'package.json': { name: 'shop', scripts: { start: 'vite' } } })
    expect(planned(folder, command)[0]?.line).toBe(line)
  })

  test('is suggested by the kind of the folder, and missing where nothing suggests one', () => {
    expect(planned(project({ 'manage.py': '' }))[0]).toMatchObject({ framework: 'Django' })
    expect(planned(project({ 'bin/rails': '' }))[0]).toMatchObject({ framework: 'Rails' })
    expect(planned(project({ 'app.py': 'app = Flask(__name__)' }))[0]?.line).toBe('flask run')
    expect(planned(project({ mvnw: '', 'pom.xml': 'spring-boot-starter' }))[0]?.framework).toBe('Spring')
    const others: Record<string, string>[] = [{ mvnw: '', 'pom.xml': 'junit' }, { 'package.json': '{' }, {}]
    for (const files of others) expect(() => planned(project(files))).toThrow(/Give the command/)
  })
})

describe('the name', () => {
  const linked = (branch: string) => ({
    '.git/worktrees/other/HEAD': `ref: refs/heads/${branch}\n`,
    'other/.git': 'gitdir: ../.git/worktrees/other\n',
    'other/package.json': dev('@acme/shop', 'vite'),
  })

  test('is that of the package, with others for further checkouts', () => {
    const folder = project({
      'package.json': dev('@acme/Shop_Site', 'vite'),
      '.git/HEAD': 'ref: refs/heads/fix/a\n',
    })
    expect(planRun(folder, { command: [] }).services[0]?.names.slice(0, 4)).toEqual([
      'shop-site.localhost',
      'fix-a.shop-site.localhost',
      'checkout.shop-site.localhost',
      'shop-site-2.localhost',
    ])
  })

  test('has the branch before it in a linked worktree, unless that is the main one', () => {
    const at = (branch: string) => planned(join(project(linked(branch)), 'other'))[0]?.first
    expect(at('fix/login')).toBe('fix-login.shop.localhost')
    expect(at('main')).toBe('shop.localhost')
  })

  test('is the one that is given, a label or a whole name', () => {
    const folder = project({ 'package.json': dev('shop', 'vite') })
    // It also tells the server from others of the same folder.
    expect(planned(folder, [], 'store')[0]).toMatchObject({ name: 'store', first: 'store.localhost' })
    expect(planned(folder, [], 'store.test')[0]).toMatchObject({ name: 'store', first: 'store.test' })
  })
})

describe('a monorepo', () => {
  const packages = {
    'package.json': { name: 'acme', workspaces: ['apps/*', './libs/*/', '../*', '/etc/*', '!apps/old'] },
    'apps/web/package.json': dev('@acme/web', 'vite'),
    'apps/api/package.json': dev('@acme/api', 'node server.mjs'),
    'apps/old/package.json': dev('@acme/old', 'vite'),
    'apps/docs/package.json': { name: 'docs' },
    'apps/web/node_modules/dep/package.json': dev('dep', 'vite'),
    'libs/ui/package.json': dev('@acme/ui', 'tsc --watch'),
    '../package.json': dev('outside', 'vite'),
  }

  test('runs every package with a "dev" script below its name, and serves no watcher', () => {
    expect(planned(project(packages)).map(({ name, first }) => [name, first])).toEqual([
      ['api', 'api.acme.localhost'],
      ['web', 'web.acme.localhost'],
      ['ui', undefined],
    ])
  })

  test('gives the same name to a package that is run alone', () => {
    const root = project(packages)
    expect(planned(join(root, 'apps/web'))[0]).toMatchObject({ name: 'web', first: 'web.acme.localhost' })
  })

  test('is read from the file of pnpm, a hostile one aside', () => {
    const { 'package.json': _, ...others } = packages
    const listed = (yaml: string) =>
      planned(
        project({
          ...others,
          'package.json': { name: 'acme', scripts: { dev: 'x' } },
          'pnpm-workspace.yaml': yaml,
        }),
      ).length
    expect(listed('packages:\n  - "apps/*"\n')).toBe(3)
    expect(listed('packages: &a [*a]\n')).toBe(1)
    expect(listed('a: &a [x,x]\nb: &b [*a,*a]\npackages: [*b,*b]\n')).toBe(1)
  })
})

const slow = [`apps/${'*a'.repeat(12)}*b`, '+(a|aa)c', '**/x/**/x/**/x/**/x/**/y']
test.each(['{a,b}'.repeat(18), '{1..1000000}', '{..,apps}/x', `{${'a,'.repeat(2000)}}`, ...slow])(
  'workspaces of which braces make very many, or that take long to compare, are refused at once: %.30s',
  (pattern) => {
    const root = project({ 'package.json': { workspaces: [pattern] } })
    expect(() => planRun(root, { command: [] })).toThrow('stands for too many folders')
  },
)
