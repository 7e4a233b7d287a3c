import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BrowserContext } from 'playwright-core'
import { openBrowser } from '../support/browser/browser.ts'
import { freePort } from '../support/free-port.ts'
import { launcher, startEdgekeep } from '../support/processes/cli.ts'
import { developProjects, type DevelopProject } from './develop-projects.ts'

/**
 * Runs real projects by "edgekeep run": `npm run conformance -- develop [--folder FOLDER] [--only NAME]`. npm
 * installs the newest packages into FOLDER (a temporary one if absent); Django, Flask and PHP are those of the
 * system, and named as skipped where they are missing. Each project has to show its page in a Chromium that
 * verifies, to show a change without a load of the page where its server does that, and to be reached over
 * verified HTTPS by a program with the variables of a sibling.
 */
const { values } = parseArgs({ options: { folder: { type: 'string' }, only: { type: 'string' } } })
const readyWithinMs = 120_000
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'edgekeep-develop-'))
const home = mkdtempSync(join(tmpdir(), 'edgekeep-home-'))
// Astro and others ask for a Node that is newer than the system's may be.
const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter) }

const [httpsPort, httpPort] = [await freePort(), await freePort()]
const up = await startEdgekeep(home, [
  '--no-ui',
  '--https-port',
  `${httpsPort}`,
  '--http-port',
  `${httpPort}`,
])
try {
  const chosen = developProjects.filter(({ name }) => values.only === undefined || name === values.only)
  for (const project of chosen) await report(project)
} finally {
  await up.interrupt()
  rmSync(home, { recursive: true, force: true })
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}

async function report(project: DevelopProject): Promise<void> {
  const { name } = project
  if (project.needs && spawnSync(project.needs[0], project.needs.slice(1), { env }).status !== 0)
    return console.log(`- ${name}: skipped, ${project.needs.join(' ')} fails`)
  try {
    const seen = await tried(project)
    console.log(`✓ ${name}: ${seen}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`✗ ${name}: ${(error as Error).message}`)
  }
}

async function tried(project: DevelopProject): Promise<string> {
  const at = join(folder, project.name)
  for (const [file, content] of project.files) write(at, file, content)
  write(at, '.git/HEAD', 'ref: refs/heads/main\n')
  if (project.packages) install(at, project.packages)
  const server = startRun(at, project.command ?? [])
  try {
    const { address, tookMs } = await server.ready
    const certificates = readFileSync(join(home, 'trust', 'roots.pem'), 'utf8')
    const browser = await openBrowser({ authorityPem: certificates })
    try {
      const live = await seenBy(browser.context, address, at, project)
      siblingReaches(address)
      return `${address} ready after ${Math.round(tookMs / 100) / 10} s, ${live}, verified for a sibling`
    } finally {
      await browser.close()
    }
  } finally {
    await server.end()
  }
}

function write(at: string, file: string, content: string): void {
  mkdirSync(dirname(join(at, file)), { recursive: true })
  writeFileSync(join(at, file), content)
}

function install(at: string, packages: string[]): void {
  const args = ['install', '--no-audit', '--no-fund', ...packages]
  const { status, stderr } = spawnSync('npm', args, { cwd: at, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`npm could not install ${packages.join(', ')}: ${stderr.slice(-300)}`)
}

function startRun(cwd: string, command: string[]) {
  const args = [launcher, '--home', home, '--json', 'run', ...(command.length > 0 ? ['--', ...command] : [])]
  const started = performance.now()
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let [out, err] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const ready = new Promise<{ address: string; tookMs: number }>((resolve, reject) => {
    const fail = () => reject(new Error(`it was not ready: ${out} ${err.slice(-500)}`))
    setTimeout(fail, readyWithinMs).unref()
    void ended.then(fail)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const address = /"type":"ready".*?"address":"([^"]+)"/.exec(out)?.[1]
      if (address !== undefined) resolve({ address, tookMs: performance.now() - started })
    })
  })
  return {
    ready,
    async end() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function seenBy(
  context: BrowserContext,
  address: string,
  at: string,
  { shown }: DevelopProject,
): Promise<string> {
  const page = await context.newPage()
  // A cold server compiles at the first request.
  await page.goto(address, { timeout: readyWithinMs })
  await page.getByText('first').waitFor({ timeout: readyWithinMs })
  if (shown === undefined) return 'page shown'
  // Live updates connect after the page has loaded.
  await page.waitForTimeout(3000)
  await page.evaluate('globalThis.isSamePage = true')
  write(at, shown, readFileSync(join(at, shown), 'utf8').replaceAll('first', 'second'))
  await page.getByText('second').waitFor({ timeout: readyWithinMs })
  const isSame = await page.evaluate<boolean>("'isSamePage' in globalThis")
  return isSame ? 'updated in place' : 'updated by a reload of its own'
}

/** curl resolves names below localhost by itself; the bundle alone is what it trusts. */
function siblingReaches(address: string): void {
  const bundle = { ...env, CURL_CA_BUNDLE: join(home, 'trust', 'bundle.pem') }
  const { status, stderr } = spawnSync('curl', ['-sS', '-o', '/dev/null', address], {
    env: bundle,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`a sibling could not reach it: ${stderr.trim()}`)
}
