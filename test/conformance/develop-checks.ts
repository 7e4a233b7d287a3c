import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { openBrowser } from '../support/browser/browser.ts'
import { requireChromium } from '../support/browser/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { developProjects, type DevelopProject } from './develop-projects.ts'
import { env, install, readyWithinMs, startProgram, startRun, writeAll } from './develop-run.ts'
import { seenBy } from './develop-browser.ts'

interface Place {
  home: string
  at: string
}

interface DevelopCheck {
  name: string
  run(place: Place): Promise<string>
}

const projectNamed = (name: string) =>
  developProjects.find((project) => project.name === name) as DevelopProject
const rootsOf = (home: string) => readFileSync(join(home, 'trust', 'roots.pem'), 'utf8')
const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`
const load = () => `load ${loadavg()[0]?.toFixed(1)}`

/** The package as npm would publish it, packed once. */
let packed: string | undefined
function tarball(): string {
  if (packed !== undefined) return packed
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-packed-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { env })
  return (packed = join(folder, readdirSync(folder)[0] ?? ''))
}

export const developChecks: DevelopCheck[] = [
  { name: 'vite-plugin', run: vitePlugin },
  { name: 'next-api', run: nextApi },
  { name: 'cold-vite', run: coldVite },
  { name: 'checkouts', run: checkouts },
  { name: 'clone', run: clone },
  { name: 'playwright', run: playwright },
]

/** Development server started without `edgekeep run`, by a project that has the packed package. */
async function withConfiguration(
  { home, at }: Place,
  { name, argv, config }: { name: string; argv: string[]; config: [string, string] },
): Promise<string> {
  const project = projectNamed(name)
  writeAll(at, [...project.files, config])
  install(at, [...(project.packages ?? []), '@types/node', tarball()])
  const typed = spawnSync(
    resolve('node_modules/.bin/tsc'),
    [
      '--noEmit',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--allowJs',
      '--checkJs',
      '--types',
      'node',
      config[0],
    ],
    { cwd: at, encoding: 'utf8' },
  )
  if (typed.status !== 0) throw new Error(`its configuration has type errors: ${typed.stdout}`)
  const server = startProgram([process.execPath, ...argv, '--port', `${await freePort()}`], {
    cwd: at,
    more: { EDGEKEEP_HOME: home },
    isReady: /Edgekeep: (https:\S+?)\/?\s/,
  })
  try {
    // Next.js reads its configuration for the first visit at the latest.
    const { found, tookMs } = await server.ready
    const address = found[1] ?? ''
    const browser = await openBrowser({ authorityPem: rootsOf(home) })
    try {
      return `${address} ready after ${seconds(tookMs)}, ${await seenBy(browser.context, address, at, project)}`
    } finally {
      await browser.close()
    }
  } finally {
    await server.end()
  }
}

function vitePlugin(place: Place): Promise<string> {
  const config = `import { edgekeep } from 'edgekeep/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [edgekeep({ name: 'vite-plugin' })] })
`
  const argv = ['node_modules/vite/bin/vite.js']
  return withConfiguration(place, { name: 'vite', argv, config: ['vite.config.ts', config] })
}

function nextApi(place: Place): Promise<string> {
  const config = `import { develop } from 'edgekeep/dev'

/** @param {string} phase */
export default async (phase) => {
  if (phase !== 'phase-development-server') return {}
  const { address, host } = await develop({ origin: process.env.PORT ?? 3000, name: 'next-api' })
  console.log(\`Edgekeep: \${address}\`)
  return { allowedDevOrigins: [host] }
}
`
  const argv = ['node_modules/next/dist/bin/next', 'dev']
  return withConfiguration(place, { name: 'next', argv, config: ['next.config.mjs', config] })
}

const modules = 500

/** A cold load of many modules, which waits for none of them forever (portless#370). */
async function coldVite({ home, at }: Place): Promise<string> {
  const names = Array.from({ length: modules }, (_, index) => `m${index}`)
  const main = names.map((name, index) => `import n${index} from './${name}.js'\n`).join('')
  const sum = `document.querySelector('main').textContent = 'sum ' + [${names.map((_, index) => `n${index}`)}].length\n`
  writeAll(at, [
    [
      'package.json',
      JSON.stringify({ name: 'cold', private: true, type: 'module', scripts: { dev: 'vite' } }),
    ],
    ['index.html', '<!doctype html><main></main><script type="module" src="/src/main.js"></script>'],
    ['src/main.js', main + sum],
    ...names.map((name): [string, string] => [`src/${name}.js`, `export default ${JSON.stringify(name)}\n`]),
  ])
  install(at, ['vite'])
  rmSync(join(at, 'node_modules', '.vite'), { recursive: true, force: true })
  const server = startRun(home, at)
  try {
    const { address } = await server.ready
    const browser = await openBrowser({ authorityPem: rootsOf(home) })
    try {
      const page = await browser.context.newPage()
      const started = performance.now()
      await page.goto(address, { timeout: readyWithinMs })
      await page.getByText(`sum ${modules}`).waitFor({ timeout: readyWithinMs })
      return `${modules} modules after ${seconds(performance.now() - started)} (${load()})`
    } finally {
      await browser.close()
    }
  } finally {
    await server.end()
  }
}

const git = (cwd: string, ...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.test', ...words], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  })

/** A repository whose one server answers with its own address. */
function repository(at: string): void {
  rmSync(at, { recursive: true, force: true })
  const server = `require('node:http').createServer((_, response) => response.end(process.env.EDGEKEEP_URL)).listen(process.env.PORT, '127.0.0.1')\n`
  writeAll(at, [
    ['package.json', JSON.stringify({ name: 'tens', scripts: { dev: 'node server.cjs' } })],
    ['server.cjs', server],
  ])
  git(at, 'init', '--quiet', '--initial-branch', 'main')
  git(at, 'add', '.')
  git(at, 'commit', '--quiet', '--message', 'test: add a server')
}

/** Ten worktrees, whose servers run at once under names of their own. */
async function checkouts({ home, at }: Place): Promise<string> {
  const main = join(at, 'main')
  repository(main)
  const branches = Array.from({ length: 9 }, (_, index) => `feature-${index + 1}`)
  for (const branch of branches) {
    rmSync(join(at, branch), { recursive: true, force: true })
    git(main, 'worktree', 'add', '--quiet', '-b', branch, join(at, branch))
  }
  const runs = [main, ...branches.map((branch) => join(at, branch))].map((folder) => startRun(home, folder))
  try {
    const ready = await Promise.all(runs.map((run) => run.ready))
    const names = new Set(ready.map(({ address }) => new URL(address).hostname))
    const expected = ['tens.localhost', ...branches.map((branch) => `${branch}.tens.localhost`)]
    if (expected.some((name) => !names.has(name))) throw new Error(`the names are ${[...names].join(', ')}`)
    for (const { address } of ready) {
      const body = execFileSync('curl', ['-sSf', '--cacert', join(home, 'trust', 'roots.pem'), address])
      if (body.toString() !== address) throw new Error(`${address} answered for ${body.toString()}`)
    }
    const took = Math.max(...ready.map(({ tookMs }) => tookMs))
    return `ten servers under ten names, the last ready after ${seconds(took)} (${load()})`
  } finally {
    await Promise.all(runs.map((run) => run.end()))
  }
}

const limitMs = 5000

/** A clone to a page in a browser that verifies, by one command and without an engine that runs. */
async function clone({ at }: Place): Promise<string> {
  const source = join(at, 'source')
  const cloned = join(at, 'clone')
  const project = projectNamed('vite')
  rmSync(source, { recursive: true, force: true })
  writeAll(source, [...project.files, ['.gitignore', 'node_modules\n']])
  git(source, 'init', '--quiet')
  git(source, 'add', '.')
  git(source, 'commit', '--quiet', '--message', 'test: add a shop')
  const taken: number[] = []
  const home = mkdtempSync(join(tmpdir(), 'edgekeep-home-'))
  try {
    for (const isFirst of [true, false]) {
      rmSync(cloned, { recursive: true, force: true })
      git(at, 'clone', '--quiet', source, cloned)
      install(cloned, project.packages ?? [])
      const alone = await greenAfter(
        cloned,
        [process.execPath, 'node_modules/vite/bin/vite.js', '--port', `${await freePort()}`],
        /(http:\/\/\S+?)\//,
      )
      rmSync(join(cloned, 'node_modules', '.vite'), { recursive: true, force: true })
      const command = [process.execPath, resolve('bin/edgekeep.mjs'), '--home', home, 'run']
      const behind = await greenAfter(cloned, command, /(https:\/\/\S+) →/, () => rootsOf(home))
      taken.push(behind - alone)
      if (isFirst && !existsSync(join(home, 'trust', 'roots.pem')))
        throw new Error('the first run made no authority')
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  const [first = 0, later = 0] = taken
  if (first > limitMs) throw new Error(`${seconds(first)} after the server itself (${load()})`)
  return `green ${seconds(first)} after the server itself in a fresh home, ${seconds(later)} later on (${load()})`
}

/** Time from the start of a command until the page shows. */
async function greenAfter(
  cwd: string,
  argv: string[],
  isReady: RegExp,
  authority?: () => string,
): Promise<number> {
  const started = performance.now()
  const server = startProgram(argv as [string], { cwd, isReady })
  try {
    const { found } = await server.ready
    const readyMs = performance.now() - started
    const pem = authority?.()
    const browser = await openBrowser(pem === undefined ? {} : { authorityPem: pem })
    try {
      const page = await browser.context.newPage()
      const opened = performance.now()
      await page.goto(found[1] ?? '', { timeout: readyWithinMs })
      await page.getByText('first').waitFor({ timeout: readyWithinMs })
      return readyMs + performance.now() - opened
    } finally {
      await browser.close()
    }
  } finally {
    await server.end()
  }
}

/** The recipe of the guide, with its own files, in a HOME whose Chromium trusts by "edgekeep trust install". */
async function playwright({ at }: Place): Promise<string> {
  const guide = readFileSync('docs/guide/develop.md', 'utf8')
  const blockOf = (file: string) => new RegExp(`\\n// ${file}\\n([^]*?)\\n\`\`\``).exec(guide)?.[1] ?? ''
  // Playwright's own browser is a download.
  const browser = `launchOptions: { executablePath: '${requireChromium()}', chromiumSandbox: false }`
  const bin = join(at, 'bin')
  const more = {
    HOME: join(at, 'home'),
    EDGEKEEP_HOME: join(at, 'home', 'edgekeep'),
    PATH: [bin, env['PATH']].join(delimiter),
  }
  rmSync(more.HOME, { recursive: true, force: true })
  rmSync(bin, { recursive: true, force: true })
  mkdirSync(more.HOME, { recursive: true })
  mkdirSync(bin)
  symlinkSync(resolve('bin/edgekeep.mjs'), join(bin, 'edgekeep'))
  repository(join(at, 'shop'))
  const cwd = join(at, 'shop')
  writeAll(cwd, [
    ['playwright.config.ts', blockOf('playwright.config.ts').replace("channel: 'chromium'", browser)],
    ['shop.spec.ts', blockOf('shop.spec.ts')],
  ])
  install(cwd, ['@playwright/test'])
  const options = { cwd, env: { ...env, ...more }, encoding: 'utf8' } as const
  const trust = spawnSync('edgekeep', ['trust', 'install', '--client', 'chromium', '--yes'], options)
  if (trust.status !== 0) throw new Error(`no trust: ${trust.stdout}${trust.stderr}`)
  const { status, stdout } = spawnSync('npx', ['playwright', 'test', '--reporter', 'line'], options)
  if (status !== 0) throw new Error(stdout.slice(-1500))
  return /\d+ passed.*/.exec(stdout)?.[0] ?? stdout
}
