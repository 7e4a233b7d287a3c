import { rmSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { openBrowser, type BrowserRun } from './browser.ts'
import { startEdgekeep, type RunningEdgekeep } from '../processes/cli.ts'
import { temporaryFolder } from '../engine/engine.ts'
import { freePort } from '../free-port.ts'

export interface OpenedWindow {
  home: Home
  running: RunningEdgekeep
  browser: BrowserRun
  window: Page
  close(): Promise<void>
}

/**
 * Starts `edgekeep up` on a home and ports of its own, with `more` in its environment, and opens its window in a
 * real browser, both in the network of `entrance`.
 */
export async function openWindow(more: NodeJS.ProcessEnv = {}, entrance?: string[]): Promise<OpenedWindow> {
  const home = openHome(temporaryFolder())
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  const running = await startEdgekeep(home.folder, ports, more, entrance)
  const browser = await openBrowser(entrance && { entrance })
  const window = await browser.context.newPage()
  await window.goto(running.ui ?? '')
  const close = async () => {
    await browser.close()
    await running.interrupt()
    rmSync(home.folder, { recursive: true, force: true })
  }
  return { home, running, browser, window, close }
}
