import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHome } from '../../src/engine-process/home.ts'
import { findInstallation } from '../../src/engine-process/installation.ts'
import { keepEngine, type SupervisedEngine } from '../../src/engine-process/keep-engine.ts'
import { startWebHost, type WebHost } from '../../src/web/web-host.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'

const home = openHome(temporaryFolder())
let engine: SupervisedEngine
let host: WebHost
let browser: BrowserRun
let window: Page
/** Complaints of the browser: refused scripts, failed requests, page errors. */
const complaints: string[] = []

beforeAll(async () => {
  engine = await keepEngine(home, {
    portTaken: 'next',
    httpsPort: await freePort(),
    httpPort: await freePort(),
  })
  host = await startWebHost({ home, rendererFolder: findInstallation().rendererFolder })
  browser = await openBrowser()
  window = await browser.context.newPage()
  window.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  window.on('pageerror', (error) => complaints.push(error.message))
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await host?.close()
  await engine?.stop()
})

test('opens the window from the file that a browser is given, signed in and tied to the engine', async () => {
  const page = join(home.folder, 'open-window.html')
  writeFileSync(page, `<meta http-equiv="refresh" content="0;url=${host.newUrl()}">`)
  await window.goto(pathToFileURL(page).href)
  await window.getByText(/Listening on/).waitFor()
  expect(new URL(window.url()).origin).toBe(new URL(host.url).origin)
  expect(window.url()).not.toContain('token')
})

test('stays signed in, with a cookie that its scripts cannot read', async () => {
  await window.reload()
  await window.getByText(/Listening on/).waitFor()
  expect(await window.evaluate(() => document.cookie)).toBe('')
})

test('runs nothing that its policy refuses', () => {
  expect(complaints).toEqual([])
})

test('finds the engine again by itself when that was killed', async () => {
  process.kill(engine.pid()!, 'SIGKILL')
  await window.getByText('The engine is not responding').waitFor()
  await window.getByText('The engine is not responding').waitFor({ state: 'detached' })
  await window.getByText(/Listening on/).waitFor()
})

test('shows a page elsewhere nothing: no answer, no frames, no frame of the window', async () => {
  const cookies: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    cookies.push(request.headers.cookie)
    response.setHeader('Content-Type', 'text/html').end('<title>elsewhere</title>')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const page = await browser.context.newPage()
  await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`)
  const seen = await page.evaluate(async (address) => {
    const read = await fetch(address, { credentials: 'include' }).then(
      () => 'read',
      () => 'refused',
    )
    const frames = await new Promise<string>((resolve) => {
      const socket = new WebSocket(`${address.replace('http', 'ws')}/frames`)
      socket.onopen = () => resolve('open')
      socket.onerror = () => resolve('refused')
    })
    const frame = document.createElement('iframe')
    frame.src = address
    const loaded = new Promise((resolve) => (frame.onload = resolve))
    document.body.append(frame)
    await loaded
    return { read, frames }
  }, new URL(host.url).origin)
  expect(seen).toEqual({ read: 'refused', frames: 'refused' })
  expect(page.frames().map((frame) => frame.url())).toEqual([page.url(), 'chrome-error://chromewebdata/'])
  // Cookies ignore the port, so only their paths separate the two hosts.
  expect(cookies.filter((cookie) => cookie !== undefined)).toEqual([])
  elsewhere.close()
})
