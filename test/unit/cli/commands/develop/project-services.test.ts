import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { formatServices, planServices } from '../../../../../src/cli/commands/develop/project-services.ts'
import { argvWithPort } from '../../../../../src/cli/commands/develop/run-plan.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

function checkout(files: Record<string, string>): string {
  const root = join(temporaryFolder(), 'checkout')
  for (const [name, content] of Object.entries({ '.git/HEAD': 'ref: refs/heads/main\n', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), content)
  }
  return root
}

function planned(folder: string, commands: Record<string, string>, domain: string | null = null) {
  const services = Object.entries(commands).map(([name, command]) => ({ name, command, folder, domain }))
  return planServices(folder, { name: 'Shop', services, isTrusted: false }).services.map((service) => ({
    argv: argvWithPort(service, 4000),
    names: service.names,
  }))
}

test('a command of plain words is started with the arguments of its server, any other one by a shell', () => {
  const folder = checkout({ 'package.json': JSON.stringify({ scripts: { dev: 'vite' } }) })
  const port = ['--port', '4000', '--host', '127.0.0.1']
  const argvs = planned(folder, {
    web: 'npm run dev',
    site: 'npx  astro dev',
    api: 'NODE_ENV=test node api.mjs',
    jobs: 'node "my jobs.mjs"',
    two: 'vite & node api.mjs',
  }).map(({ argv }) => argv)
  expect(argvs).toEqual([
    ['npm', 'run', 'dev', '--', ...port, '--strictPort'],
    ['npx', 'astro', 'dev', ...port],
    ['/bin/sh', '-c', 'NODE_ENV=test node api.mjs'],
    ['/bin/sh', '-c', 'node "my jobs.mjs"'],
    ['/bin/sh', '-c', 'vite & node api.mjs'],
  ])
})

test('services have names below that of the project, one alone has the project’s own, and a watcher none', () => {
  const folder = checkout({})
  const first = (commands: Record<string, string>) => planned(folder, commands).map(({ names }) => names[0])
  expect(first({ web: 'node a.mjs', css: 'sass --watch a b' })).toEqual(['web.shop.localhost', undefined])
  expect(first({ web: 'node a.mjs' })).toEqual(['shop.localhost'])
})

test('a domain of the file has the branch before it in a further worktree', () => {
  const root = checkout({
    '.git/worktrees/other/HEAD': 'ref: refs/heads/fix/login\n',
    'other/.git': 'gitdir: ../.git/worktrees/other\n',
  })
  const names = (folder: string) => planned(folder, { web: 'node a.mjs' }, 'shop.test')[0]?.names
  expect(names(root)).toEqual(['shop.test', 'main.shop.test', 'checkout.shop.test'])
  expect(names(join(root, 'other'))).toEqual(['fix-login.shop.test', 'other.shop.test', 'shop.test'])
})

test('the question shows each command with its script, whose text adds no line of its own', () => {
  const folder = checkout({
    'package.json': JSON.stringify({ scripts: { dev: 'rm -r x\n  api: harmless\u202e' } }),
  })
  const services = [{ name: 'web', command: 'npm run dev', folder, domain: null }]
  const file = { name: 'Shop\nof: nobody', services, isTrusted: false }
  expect(formatServices(file, planServices(folder, file)).split('\n')).toEqual([
    'edgekeep.yaml of Shop\\u000aof: nobody wants to run programs as you:',
    '  web: npm run dev',
    '    script: rm -r x\\u000a  api: harmless\\u202e',
    `    in ${folder}, at https://shop-of-nobody.localhost`,
  ])
})

test('the question shows the beginning of a long script, and names how much more there is', () => {
  const dev = `vite${' '.repeat(2000)}`
  const folder = checkout({ 'package.json': JSON.stringify({ scripts: { dev } }) })
  const services = [{ name: 'web', command: 'npm run dev', folder, domain: null }]
  const file = { name: 'Shop', services, isTrusted: false }
  const [, , script] = formatServices(file, planServices(folder, file)).split('\n')
  expect(script).toMatch(/^ {4}script: vite {996}… and 1004 more characters in package\.json$/)
})
