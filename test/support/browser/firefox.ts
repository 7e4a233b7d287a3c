import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runFirefox, type FirefoxRun } from '../../../src/engine/trust/probes/firefox-run.ts'

export type { FirefoxRun } from '../../../src/engine/trust/probes/firefox-run.ts'

function firefoxProgram(): string | undefined {
  return ['firefox-esr', 'firefox'].find((name) => spawnSync(name, ['--version']).error === undefined)
}

/** Reason why Firefox cannot be tested here; undefined if it can. */
export function whyNoFirefox(): string | undefined {
  if (process.platform !== 'linux') return 'Firefox is driven by tests on Linux only'
  return firefoxProgram() ? undefined : 'firefox is not installed here (Debian: apt install firefox-esr)'
}

/** Starts a real Firefox with a profile and a HOME of its own, which trusts the given authority. */
export async function openFirefox(options: {
  authorityPem?: string
  hosts: string[]
}): Promise<FirefoxRun & { profile: string }> {
  const home = mkdtempSync(join(tmpdir(), 'edgekeep-firefox-'))
  const store = `sql:${home}`
  certutil(['-d', store, '-N', '--empty-password'])
  if (options.authorityPem)
    certutil(['-d', store, '-A', '-t', 'C,,', '-n', 'test authority'], options.authorityPem)
  const env = { ...process.env, HOME: home }
  const run = await runFirefox({ program: firefoxProgram()!, profile: home, hosts: options.hosts, env })
  return {
    ...run,
    profile: home,
    async close() {
      await run.close()
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function certutil(words: string[], input?: string): void {
  const run = spawnSync('certutil', words, { input, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`certutil failed: ${run.error?.message ?? run.stderr}`)
}
