import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../support/browser/browser.ts'
import { freePort } from '../support/free-port.ts'
import { startEdgekeep } from '../support/processes/cli.ts'
import { seenBy } from './develop-browser.ts'
import { developChecks } from './develop-checks.ts'
import { developProjects, type DevelopProject } from './develop-projects.ts'
import { env, install, siblingReaches, startRun, writeAll } from './develop-run.ts'

/**
 * Runs real projects by "edgekeep run": `npm run conformance -- develop [--folder FOLDER] [--only NAME]`. npm
 * installs the newest packages into FOLDER (a temporary one if absent); Rails, Django, Flask and PHP are those of
 * the system, and named as skipped where they are missing. Each project has to show its page in a Chromium that
 * verifies, then a change of its source, to send over its websocket, to accept its form, and to be reached over
 * verified HTTPS by a sibling. The checks of develop-checks.ts follow.
 */
const { values } = parseArgs({ options: { folder: { type: 'string' }, only: { type: 'string' } } })
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'edgekeep-develop-'))
const home = mkdtempSync(join(tmpdir(), 'edgekeep-home-'))
const isChosen = ({ name }: { name: string }) => values.only === undefined || name === values.only

const [httpsPort, httpPort] = [await freePort(), await freePort()]
const up = await startEdgekeep(home, [
  '--no-ui',
  '--https-port',
  `${httpsPort}`,
  '--http-port',
  `${httpPort}`,
])
try {
  for (const project of developProjects.filter(isChosen)) await report(project, () => tried(project))
  for (const check of developChecks.filter(isChosen)) {
    const at = join(folder, check.name)
    mkdirSync(at, { recursive: true })
    await report(check, () => check.run({ home, at }))
  }
} finally {
  await up.interrupt()
  rmSync(home, { recursive: true, force: true })
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true })
}

interface Reported {
  name: string
  needs?: [string, ...string[]]
}

async function report({ name, needs }: Reported, act: () => Promise<string>): Promise<void> {
  if (needs && spawnSync(needs[0], needs.slice(1), { env }).status !== 0)
    return console.log(`- ${name}: skipped, ${needs.join(' ')} fails`)
  try {
    console.log(`✓ ${name}: ${await act()}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`✗ ${name}: ${(error as Error).message}`)
  }
}

async function tried(project: DevelopProject): Promise<string> {
  const at = join(folder, project.name)
  writeAll(at, [...project.files, ['.git/HEAD', 'ref: refs/heads/main\n']])
  if (project.packages) install(at, project.packages)
  const server = startRun(home, at, project.command ? ['--', ...project.command] : [])
  try {
    const { service, address, tookMs } = await server.ready
    const browser = await openBrowser({
      authorityPem: readFileSync(join(home, 'trust', 'roots.pem'), 'utf8'),
    })
    try {
      const seen = await seenBy(browser.context, address, at, project)
      await siblingReaches(home, at, service)
      return `${address} ready after ${Math.round(tookMs / 100) / 10} s, ${seen}, verified for a sibling`
    } finally {
      await browser.close()
    }
  } finally {
    await server.end()
  }
}
