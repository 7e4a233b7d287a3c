import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import { trustInHome } from './browser-trust.ts'
import { programIn } from '../processes/device-network.ts'
import { requireChromium } from './chromium.ts'

interface BrowserOptions {
  /** Persistent HOME; absent: a temporary one, deleted by `close`. */
  home?: string
  /** PEM of an authority that this browser trusts besides its own roots. */
  authorityPem?: string
  /** Host names that this browser resolves to 127.0.0.1; the port of the URL stays. */
  hosts?: string[]
  /** Edge ports for 443 and 80 of those hosts, for URLs without a port. */
  ports?: { https: number; http: number }
  /** Further switches of Chromium. */
  switches?: string[]
  /** Network that it runs in (`DeviceNetwork`). */
  entrance?: string[]
  colorScheme?: 'light' | 'dark'
  viewport?: { width: number; height: number }
}

export interface BrowserRun {
  context: BrowserContext
  close: () => Promise<void>
}

/**
 * Real Chromium with a profile of its own, deleted by `close`. Under Vitest and without options that Chromium has to
 * be started with, it is a context in a browser that the test files of a process share; Vitest ends that process,
 * where another program would wait for the browser.
 */
export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserRun> {
  const { home, authorityPem, hosts, switches, entrance, ...ofContext } = options
  const isShared =
    process.env['VITEST'] !== undefined && !home && !authorityPem && !hosts && !switches && !entrance
  const run = isShared ? await contextOfShared(ofContext) : await browserOfItsOwn(options)
  // Longest wait of one step; content on its way shows within seconds.
  run.context.setDefaultTimeout(30_000)
  return run
}

let shared: Browser | undefined

async function contextOfShared(options: BrowserOptions): Promise<BrowserRun> {
  if (!shared?.isConnected()) {
    const home = await mkdtemp(path.join(tmpdir(), 'edgekeep-browser-'))
    process.once('exit', () => rmSync(home, { recursive: true, force: true }))
    shared = await chromium.launch(launchOptions(home))
  }
  const context = await shared.newContext(contextOptions(options))
  return { context, close: () => context.close() }
}

async function browserOfItsOwn(options: BrowserOptions): Promise<BrowserRun> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edgekeep-browser-'))
  const home = options.home ?? folder
  if (options.authorityPem) trustInHome(home, options.authorityPem)
  const context = await chromium.launchPersistentContext(path.join(folder, 'profile'), {
    ...launchOptions(home, [...resolverSwitch(options), ...(options.switches ?? [])]),
    ...(options.entrance && { executablePath: programIn(options.entrance, requireChromium()) }),
    ...contextOptions(options),
  })
  const close = async () => {
    await context.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  return { context, close }
}

function launchOptions(home: string, switches: string[] = []) {
  return {
    executablePath: requireChromium(),
    // Chromium refuses to start its sandbox as root; everywhere else it stays on.
    chromiumSandbox: process.getuid?.() !== 0,
    // Software rendering: without a GPU, Debian's Chromium spends a third of its time on rasterization.
    args: ['--disable-gpu-rasterization', ...switches],
    env: { ...process.env, HOME: home },
  }
}

function contextOptions({ colorScheme = 'light', viewport = { width: 1280, height: 800 } }: BrowserOptions) {
  return { colorScheme, viewport, acceptDownloads: true }
}

/** Earlier rules win. */
function resolverSwitch({ hosts = [], ports }: BrowserOptions): string[] {
  if (hosts.length === 0) return []
  const rules = hosts.flatMap((host) => [
    ...(ports ? [`MAP ${host}:443 127.0.0.1:${ports.https}`, `MAP ${host}:80 127.0.0.1:${ports.http}`] : []),
    `MAP ${host} 127.0.0.1`,
  ])
  return [`--host-resolver-rules=${rules.join(',')}`]
}
