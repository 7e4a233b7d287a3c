import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type BrowserContext } from 'playwright-core'
import { trustInHome } from './browser-trust.ts'
import { requireChromium } from './chromium.ts'

interface BrowserOptions {
  /** Its HOME, which stays; else it has one of its own that is gone after `close`. */
  home?: string
  /** PEM of an authority that this browser trusts besides its own roots. */
  authorityPem?: string
  /** Host names that this browser resolves to 127.0.0.1; the port of the URL stays. */
  hosts?: string[]
  /** Where its ports 443 and 80 of those hosts are, for pages without a port in their address. */
  ports?: { https: number; http: number }
  /** What else Chromium is started with. */
  switches?: string[]
  colorScheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
}

export interface BrowserRun {
  context: BrowserContext
  close: () => Promise<void>
}

/** A real Chromium with a profile of its own, gone after `close`. */
export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgekeep-browser-'))
  const home = options.home ?? folder
  if (options.authorityPem) trustInHome(home, options.authorityPem)
  const context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    executablePath: requireChromium(),
    // Chromium refuses to start its sandbox as root; everywhere else it stays on.
    chromiumSandbox: process.getuid?.() !== 0,
    args: [...resolverSwitch(options), ...(options.switches ?? [])],
    env: { ...process.env, HOME: home },
    colorScheme: options.colorScheme ?? 'light',
    viewport: options.viewport ?? { width: 1280, height: 800 },
    acceptDownloads: true,
  })
  // What is on its way shows within seconds; a failed step should not cost the run half a minute.
  context.setDefaultTimeout(30_000)
  const close = async () => {
    await context.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { context, close }
}

/** The first rule that fits counts. */
function resolverSwitch({ hosts = [], ports }: BrowserOptions): string[] {
  if (hosts.length === 0) return []
  const rules = hosts.flatMap((host) => [
    ...(ports ? [`MAP ${host}:443 127.0.0.1:${ports.https}`, `MAP ${host}:80 127.0.0.1:${ports.http}`] : []),
    `MAP ${host} 127.0.0.1`,
  ])
  return [`--host-resolver-rules=${rules.join(',')}`]
}
