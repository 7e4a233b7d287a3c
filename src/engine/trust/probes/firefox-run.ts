import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectMarionette, type MarionetteAnswer } from './marionette.ts'

export interface FirefoxRun {
  /** Navigates to `url`; `error` is null if the page loaded. */
  visit(url: string): Promise<MarionetteAnswer>
  /** Title of the page; empty without one. */
  title(): Promise<string>
  /** Value that a function body returns in the page. */
  evaluate(script: string): Promise<unknown>
  close(): Promise<void>
}

export interface FirefoxOptions {
  program: string
  /** Temporary, writable profile folder. */
  profile: string
  /** Names that resolve to this computer, besides those below `localhost`. */
  hosts?: string[]
  env?: NodeJS.ProcessEnv
  signal?: AbortSignal
}

const startMs = 60_000

/**
 * Headless Firefox with a temporary profile, driven by its remote protocol on a loopback port that it
 * chooses. It validates certificates as always.
 */
export async function runFirefox(options: FirefoxOptions): Promise<FirefoxRun> {
  const { program, profile, hosts = [], env = process.env, signal } = options
  writeFileSync(join(profile, 'user.js'), preferences(hosts))
  const args = ['--headless', '--no-remote', '--marionette', '--profile', profile]
  const child = spawn(program, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  })
  let output = ''
  child.stderr.on('data', (bytes: Buffer) => (output = (output + bytes.toString('utf8')).slice(-2000)))
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      output += error.message
      resolve()
    })
    child.once('exit', () => resolve())
  })
  const isOver = { now: false }
  void ended.then(() => (isOver.now = true))
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  try {
    const marionette = await connectMarionette(await activePort(profile, isOver))
    const session = await marionette.command('WebDriver:NewSession', { capabilities: {} })
    if (session.error) throw new Error(session.error.message)
    return {
      visit: (url) => marionette.command('WebDriver:Navigate', { url }),
      async title() {
        const { value } = (await marionette.command('WebDriver:GetTitle')).value as { value: string | null }
        return value ?? ''
      },
      async evaluate(script) {
        const { value } = await marionette.command('WebDriver:ExecuteScript', { script, args: [] })
        return (value as { value: unknown } | null)?.value
      },
      async close() {
        marionette.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw new Error(`Firefox did not start: ${output.trim() || (error as Error).message}`, { cause: error })
  }
}

/** Port that Firefox chose and wrote into its profile. */
async function activePort(profile: string, isOver: { now: boolean }): Promise<number> {
  const deadline = performance.now() + startMs
  while (performance.now() < deadline && !isOver.now) {
    try {
      const port = Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8'))
      if (port > 0) return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    await sleep(50)
  }
  throw new Error(isOver.now ? 'it ended at once' : 'it opened no port within a minute')
}

/** Disables network requests other than visits; Firefox itself disables the rest when it is driven. */
function preferences(hosts: string[]): string {
  const values = {
    'marionette.port': 0,
    'network.dns.localDomains': hosts.join(','),
    'network.trr.mode': 5,
    'network.proxy.type': 0,
    'app.update.disabledForTesting': true,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.server': '',
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.page': 0,
    'services.settings.server': 'data:,#remote-settings-dummy/v1',
    'security.OCSP.enabled': 0,
  }
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('')
}
