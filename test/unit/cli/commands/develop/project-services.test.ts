import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import {
  formatServices,
  planServices,
  scriptsOf,
} from '../../../../../src/cli/commands/develop/project-services.ts'
import type { ProjectServices } from '../../../../../src/contract/develop/projects.ts'
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

function question(folder: string, file: ProjectServices): string[] {
  const plan = planServices(folder, file)
  return formatServices(file, plan, scriptsOf(plan.project, file.services)).split('\n')
}

test('the question shows each command with its script, whose text adds no line of its own', () => {
  const folder = checkout({
    'package.json': JSON.stringify({ scripts: { dev: 'rm -r x\n  api: harmless\u202e' } }),
  })
  const services = [{ name: 'web', command: 'npm run dev', folder, domain: null }]
  const file = { name: 'Shop\nof: nobody', services, isTrusted: false }
  expect(question(folder, file)).toEqual([
    'edgekeep.yaml of Shop\\u000aof: nobody wants to run programs as you:',
    '  web: npm run dev',
    '    script dev: rm -r x\\u000a  api: harmless\\u202e',
    `    in ${folder}, at https://shop-of-nobody.localhost`,
  ])
})

test('the question shows the beginning of a long script, and names how much more there is', () => {
  const dev = `vite${' '.repeat(2000)}`
  const folder = checkout({ 'package.json': JSON.stringify({ scripts: { dev } }) })
  const services = [{ name: 'web', command: 'npm run dev', folder, domain: null }]
  const file = { name: 'Shop', services, isTrusted: false }
  const [, , script] = question(folder, file)
  expect(script).toMatch(/^ {4}script dev: vite {996}… and 1004 more characters in package\.json$/)
})

test('the question shows a script once, names its package, and counts those beyond twenty', () => {
  const names = Array.from({ length: 25 }, (_, at) => `dev:${at}`)
  const scripts = Object.fromEntries(names.map((name) => [name, 'node a.mjs']))
  const folder = checkout({
    'package.json': JSON.stringify({ scripts: { ...scripts, dev: "run-p 'dev:*'" } }),
    'web/package.json': JSON.stringify({ scripts: { dev: 'vite' } }),
  })
  const services = [
    { name: 'web', command: 'npm --prefix web run dev', folder, domain: null },
    { name: 'all', command: 'npm run dev', folder, domain: null },
  ]
  const lines = question(folder, { name: 'Shop', services, isTrusted: false })
  expect(lines.filter((line) => line.includes(`script dev of ${join(folder, 'web')}: vite`))).toHaveLength(1)
  expect(lines.filter((line) => line.startsWith("    script dev: run-p 'dev:*'"))).toHaveLength(1)
  expect(lines).toContain('    and 7 more scripts of package.json')
})
