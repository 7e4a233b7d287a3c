import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { open as openInspector, url as inspectorUrl } from 'node:inspector'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { asEdgekeepError, createClient } from '../../../src/client/client.ts'
import { portFrames } from '../../../src/client/port-frames.ts'
import type { EdgekeepError } from '../../../src/contract/errors/registry.ts'
import { controlAddress, windowPath } from '../../../src/contract/engine/control-address.ts'
import { windowShows } from '../../../src/engine-process/window-shows.ts'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { requestPort, runDesktopDouble, runToWindow } from '../../support/desktop/desktop.ts'
import { startEchoEngine } from '../../support/engine/echo-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { unless } from '../../support/needs.ts'

function enginePids(home: string): number[] {
  return readdirSync(home).flatMap((name) => Number(/^arguments-(\d+)$/.exec(name)?.[1] ?? 0) || [])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('opens one window, sandboxed and isolated, on its own origin, and says when it shows', async () => {
  const { window, windows, said, app, home, schemes, happened } = await runToWindow()
  expect(window.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webviewTag: false,
    webSecurity: true,
    navigateOnDragDrop: false,
    preload: join(findInstallation().root, 'out', 'preload', 'index.cjs'),
  })
  expect(window.webContents.url).toBe('edgekeep://app/#/domains')
  expect(schemes).toEqual([
    {
      scheme: 'edgekeep',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ])
  expect(happened).toContain('sandboxes all pages')
  expect(window.options.show).toBe(false)
  expect(said).toEqual([])
  window.emit('ready-to-show')
  expect(window.shown).toBe(1)
  expect(said).toEqual([windowShows])
  expect(windows).toHaveLength(1)
  expect(app.paths.get('userData')).toBe(join(home, 'desktop'))
})

test('answers a page that asks before the rest of the app is loaded', async () => {
  const { ipcMain, windows } = runDesktopDouble()
  await expect.poll(() => windows.length, { timeout: 20_000 }).toBe(1)
  const port = await requestPort(ipcMain, windows[0]!.webContents)
  const answer = new Promise((resolve) => port.on('message', resolve))
  port.postMessage('are you there?')
  expect(await answer).toBe('are you there?')
  port.close()
})

test(
  'ends when its window is closed before the rest of the app is loaded',
  unless(process.platform === 'darwin' ? 'macOS hands files over in another way' : null),
  async () => {
    const { app, windows } = runDesktopDouble()
    await expect.poll(() => windows.length, { timeout: 20_000 }).toBe(1)
    windows[0]!.close()
    expect(await app.ended).toBe(0)
  },
)

test('starts one engine, when Chromium has the page', async () => {
  const { home, windows, ipcMain } = runDesktopDouble()
  await expect.poll(() => windows.length, { timeout: 20_000 }).toBe(1)
  expect(enginePids(home)).toEqual([])
  const { webContents } = windows[0]!
  webContents.emit('did-navigate')
  await expect.poll(() => enginePids(home), { timeout: 5000 }).toHaveLength(1)
  const port = await requestPort(ipcMain, webContents)
  expect(enginePids(home)).toHaveLength(1)
  port.close()
})

test('does not offer developer tools in a package', async () => {
  const { window } = await runToWindow({ packaged: true })
  expect(window.options.webPreferences?.devTools).toBe(false)
})

test('closes every inspector of a package, and leaves those of a checkout alone', async () => {
  const checkout = await runToWindow()
  expect(checkout.app.removedSwitches).toEqual([])
  openInspector(0, '127.0.0.1')
  expect(inspectorUrl()).toMatch(/^ws:/)
  const { app } = await runToWindow({ packaged: true })
  expect(inspectorUrl()).toBeUndefined()
  expect(app.removedSwitches).toContain('remote-debugging-port')
  expect(app.removedSwitches).toContain('remote-debugging-pipe')
})

test.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
  'prevents %s to anywhere but the window',
  async (name) => {
    const { contents } = await runToWindow()
    const prevents = (url: string) => {
      let prevented = false
      contents.emit(name, { url, preventDefault: () => (prevented = true) })
      return prevented
    }
    expect(prevents('https://evil.test/')).toBe(true)
    expect(prevents('file:///etc/passwd')).toBe(true)
    expect(prevents('edgekeep://app.evil.test/')).toBe(true)
    expect(prevents('edgekeep://other/')).toBe(true)
    expect(prevents('javascript:alert(1)')).toBe(true)
    expect(prevents('edgekeep://app/domains')).toBe(false)
  },
)

test('attaches no guest page', async () => {
  const { contents } = await runToWindow()
  let prevented = false
  contents.emit('will-attach-webview', { preventDefault: () => (prevented = true) })
  expect(prevented).toBe(true)
})

test('opens no second window; the front page of a site goes to the system’s browser, nothing else does', async () => {
  const { contents, opened } = await runToWindow()
  const urls = [
    'https://shop.test:8443/',
    'http://shop.test',
    'https://user:password@shop.test/',
    'https://shop.test/path',
    'https://shop.test/?query',
    'https://shop.test/#fragment',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://server/share',
    'edgekeep://app/',
    'not a url',
  ]
  for (const url of urls) expect(contents.openHandler!({ url })).toEqual({ action: 'deny' })
  expect(opened).toEqual(['https://shop.test:8443/', 'http://shop.test'])
})

test('grants the window copying and nothing else, and another page nothing', async () => {
  const { session, contents } = await runToWindow()
  const granted = (permission: string) => {
    let answer: boolean | undefined
    session.permissionRequest(contents, permission, (given) => (answer = given))
    expect(session.permissionCheck(contents, permission)).toBe(answer)
    return answer
  }
  expect(granted('clipboard-sanitized-write')).toBe(true)
  for (const permission of [
    'clipboard-read',
    'media',
    'geolocation',
    'notifications',
    'usb',
    'openExternal',
  ]) {
    expect(granted(permission)).toBe(false)
  }
  contents.url = 'https://evil.test/'
  expect(granted('clipboard-sanitized-write')).toBe(false)
  expect(session.permissionCheck(null, 'clipboard-sanitized-write')).toBe(false)
  expect(session.deviceCheck()).toBe(false)
})

test('loads nothing from a network or the disk', async () => {
  const { session } = await runToWindow()
  const isCancelled = (url: string) => {
    let cancelled: boolean | undefined
    session.beforeRequest({ url }, ({ cancel }) => (cancelled = cancel))
    return cancelled
  }
  expect(isCancelled('edgekeep://app/assets/main.js')).toBe(false)
  expect(isCancelled('blob:edgekeep://app/1')).toBe(false)
  for (const url of ['https://evil.test/', 'http://127.0.0.1/', 'ws://127.0.0.1/', 'file:///etc/passwd']) {
    expect(isCancelled(url)).toBe(true)
  }
})

test('serves the built window, with the policy of the web host', async () => {
  const { session } = await runToWindow()
  const get = (url: string, method = 'GET') => session.schemes.get('edgekeep')!(new Request(url, { method }))
  const page = await get('edgekeep://app/')
  expect(await page.text()).toBe('<title>the window</title>')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; object-src 'none'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  expect((await get('edgekeep://app/assets/main.js')).headers.get('content-type')).toContain('javascript')
  for (const url of [
    'edgekeep://other/',
    'edgekeep://app/assets/gone.js',
    'edgekeep://app/assets/..%2f..%2fx',
  ]) {
    expect((await get(url)).status).toBe(404)
  }
  expect((await get('edgekeep://app/', 'POST')).status).toBe(404)
})

test('carries frames between the window and the engine undecoded, for each port that is asked for', async () => {
  const { ipcMain, contents } = await runToWindow()
  const [first, second] = [await requestPort(ipcMain, contents), await requestPort(ipcMain, contents)]
  for (const port of [first, second]) {
    const frames = portFrames(port)
    const received: unknown[] = []
    frames.addEventListener('message', (event) => received.push((event as MessageEvent).data))
    frames.send('a line')
    frames.send(new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4))
    await expect.poll(() => received.length).toBe(2)
    expect(received[0]).toBe('a line')
    expect([...(received[1] as Uint8Array)]).toEqual([1, 2, 3])
    port.close()
  }
})

test('gives a page that asks without end four ports at most, the latest', async () => {
  const { ipcMain, contents } = await runToWindow()
  const ports = []
  let closed = 0
  for (let count = 0; count < 7; count += 1) {
    const asked = requestPort(ipcMain, contents)
    // Further requests are ignored while one runs.
    for (let more = 0; more < 20; more += 1)
      ipcMain.emit('edgekeep:request-port', { sender: contents, senderFrame: contents.mainFrame })
    const port = await asked
    port.on('close', () => (closed += 1))
    ports.push(port)
  }
  const received: unknown[] = []
  ports.at(-1)!.on('message', (data) => received.push(data))
  ports.at(-1)!.postMessage('still there')
  await expect.poll(() => received).toEqual(['still there'])
  await expect.poll(() => closed).toBe(3)
  for (const port of ports) port.close()
})

test('passes on neither objects nor anything else that is no frame', async () => {
  const { ipcMain, contents } = await runToWindow()
  const port = await requestPort(ipcMain, contents)
  const received: unknown[] = []
  port.on('message', (data) => received.push(data))
  for (const message of [{ a: 1 }, 7, null, ['x']]) port.postMessage(message)
  port.postMessage('the last')
  await expect.poll(() => received).toEqual(['the last'])
  port.close()
})

test('gives no port to a frame inside the window, nor to a page that is not the window', async () => {
  const { ipcMain, contents } = await runToWindow()
  let given = 0
  contents.received.on('edgekeep:port', () => (given += 1))
  const ask = (senderFrame: unknown) =>
    ipcMain.emit('edgekeep:request-port', { sender: contents, senderFrame })
  ask(null)
  ask({ url: 'edgekeep://app/' })
  contents.mainFrame.url = 'https://evil.test/'
  ask(contents.mainFrame)
  contents.mainFrame.url = 'edgekeep://app/'
  const port = await requestPort(ipcMain, contents)
  expect(given).toBe(1)
  port.close()
})

test('ends the window’s port when the engine dies, and gives one to the engine that comes back', async () => {
  const { ipcMain, contents, home } = await runToWindow()
  const port = await requestPort(ipcMain, contents)
  const frames = portFrames(port)
  const closed = new Promise((resolve) => frames.addEventListener('close', resolve))
  const [pid] = enginePids(home)
  process.kill(pid!, 'SIGKILL')
  await closed
  expect(frames.readyState).toBe(3)
  const next = await requestPort(ipcMain, contents)
  const again = portFrames(next)
  const answer = new Promise((resolve) => {
    again.addEventListener('message', (event) => resolve((event as MessageEvent).data))
  })
  again.send('there again?')
  expect(await answer).toBe('there again?')
  expect(enginePids(home)).toHaveLength(2)
  next.close()
})

test('shows the window there is when it is started again', async () => {
  const { app, windows, window } = await runToWindow()
  window.minimized = true
  app.emit('second-instance', {}, ['edgekeep', 'root'], '/')
  expect(window).toMatchObject({ minimized: false, shown: 1, focused: 1 })
  expect(windows).toHaveLength(1)
})

test('ends at once where one runs already, without an engine or a window', async () => {
  const { app, windows, home, happened } = runDesktopDouble({ taken: true })
  expect(await app.ended).toBe(0)
  expect(happened).toContain('asks for the lock')
  expect(windows).toHaveLength(0)
  expect(enginePids(home)).toEqual([])
})

test('ends its own engine in order before it quits, once the windows are closed', async () => {
  const { app, home, happened, window } = await runToWindow()
  await expect.poll(() => existsSync(controlAddress(home)!), { timeout: 5000 }).toBe(true)
  const [pid] = enginePids(home)
  window.close()
  expect(happened.at(-1)).toBe(process.platform === 'darwin' ? 'asks for the lock' : 'is asked to quit')
  app.quit()
  expect(await app.ended).toBe(0)
  expect(happened.at(-1)).toBe('quits')
  expect(existsSync(join(home, 'ended-in-order'))).toBe(true)
  expect(isAlive(pid!)).toBe(false)
})

test('uses the engine that runs already and leaves it running', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  const engine = await startEchoEngine(controlAddress(join(folder, 'home'))!)
  const { app, home, contents, ipcMain } = await runToWindow({ folder })
  const port = await requestPort(ipcMain, contents)
  expect(enginePids(home)).toEqual([])
  port.close()
  app.quit()
  expect(await app.ended).toBe(0)
  // One connection checks for an engine, one is the tray's, and one the window's.
  expect(engine.upgrades.map(({ url }) => url).toSorted()).toEqual(['/', '/', windowPath].toSorted())
})

/** A client over the port that the page is given. */
async function clientOf({ ipcMain, contents }: Awaited<ReturnType<typeof runToWindow>>) {
  const port = await requestPort(ipcMain, contents)
  const closed = new Promise<void>((resolve) => port.once('close', () => resolve()))
  return { client: createClient(portFrames(port)), closed }
}

const chain = () => new File([readFileSync('test/support/pki/samples/chain.p7b')], 'chain.p7b')

describe('an engine that cannot be started', () => {
  test('leaves a window that is told why, and in which files are looked into', async () => {
    const running = await runToWindow({ engine: 'refuses' })
    const { client } = await clientOf(running)
    const why = await client.engine.status().catch(asEdgekeepError)
    expect(why).toMatchObject({ code: 'edge.port_taken', data: { port: 8443, owner: 'nginx' } })
    const stream = await client.domains
      .watch()
      .then(async (events) => events.next())
      .catch(asEdgekeepError)
    expect(stream).toMatchObject({ code: 'edge.port_taken' })
    const { sessionId, report } = await client.inspect.open({ files: [chain()] })
    expect(report.pieces.length).toBeGreaterThan(1)
    expect((await client.inspect.diagnose({ sessionId })).verification?.ok).toBe(false)
    expect(running.errors).toEqual([])
    expect(readFileSync(join(running.home, 'logs', 'desktop.log'), 'utf8')).toContain('Engine start failed')
  })

  test('is tried again when the person asks, and the page gets it when it serves', async () => {
    const running = await runToWindow({ engine: 'servesSecond' })
    const { closed } = await clientOf(running)
    const { ipcMain, contents } = running
    const retry = (sender: unknown, senderFrame: unknown) =>
      ipcMain.emit('edgekeep:command', { sender, senderFrame }, 'retry-engine')
    retry(contents, { url: 'https://evil.test/' })
    retry(contents, contents.mainFrame)
    await closed
    const port = await requestPort(ipcMain, contents)
    const answer = new Promise((resolve) => port.on('message', resolve))
    port.postMessage('are you there?')
    expect(await answer).toBe('are you there?')
    port.close()
  })
})

test('a home that cannot be used is said in the window, where files are looked into; tried again, the app starts anew', async () => {
  const folder = temporaryFolder()
  const home = join(folder, 'home')
  writeFileSync(home, '')
  const running = await runToWindow({ folder })
  const { client, closed } = await clientOf(running)
  const why = await client.engine.status().catch(asEdgekeepError)
  expect((why as EdgekeepError).message).toBe(
    "Edgekeep's data folder cannot be used: a file is in its place.",
  )
  expect((await client.inspect.open({ files: [chain()] })).report.pieces.length).toBeGreaterThan(1)
  const { ipcMain, contents, app } = running
  const retry = () =>
    ipcMain.emit('edgekeep:command', { sender: contents, senderFrame: contents.mainFrame }, 'retry-engine')
  retry()
  await closed
  expect(app.relaunched).toBe(0)
  rmSync(home)
  retry()
  expect(app.relaunched).toBe(1)
})

test('shows how far the page’s work is on the task bar, and hears no other value', async () => {
  const { ipcMain, contents, window } = await runToWindow()
  const show = (progress: unknown) => {
    ipcMain.emit('edgekeep:progress', { sender: contents, senderFrame: contents.mainFrame }, progress)
    return window.progress
  }
  expect(show(0.25)).toBe(0.25)
  expect(show(7)).toBe(0.25)
  expect(show({})).toBe(0.25)
  expect(show('unknown')).toBe(2)
  expect(show(null)).toBe(-1)
})

test('a save from the window asks in the system’s dialog; nothing else is saved', async () => {
  const { session } = await runToWindow()
  const save = (url: string) => {
    let prevented = false
    let asked: Electron.SaveDialogOptions | undefined
    const item = Object.assign(new EventEmitter(), {
      getURL: () => url,
      getFilename: () => 'shop.pem',
      setSaveDialogOptions: (options: Electron.SaveDialogOptions) => (asked = options),
    })
    session.emit('will-download', { preventDefault: () => (prevented = true) }, item)
    return { prevented, asked }
  }
  expect(save('blob:edgekeep://app/1')).toMatchObject({
    prevented: false,
    asked: {
      defaultPath: join('/downloads', 'shop.pem'),
      filters: [{ extensions: ['pem'] }, { extensions: ['*'] }],
    },
  })
  expect(save('https://evil.test/shop.pem')).toEqual({ prevented: true, asked: undefined })
})

test('serves the guide on an origin of its own, and keeps its window there', async () => {
  const { session, contents, opened } = await runToWindow()
  const get = async (url: string) => (await session.schemes.get('edgekeep')!(new Request(url))).status
  expect(await get('edgekeep://guide/')).toBe(200)
  expect(await get('edgekeep://guide/assets/main.js')).toBe(404)
  const prevents = (url: string) => {
    let prevented = false
    contents.emit('will-navigate', { url, preventDefault: () => (prevented = true) })
    return prevented
  }
  expect(prevents('edgekeep://guide/usage.html')).toBe(true)
  contents.url = 'edgekeep://guide/'
  expect(prevents('edgekeep://guide/usage.html')).toBe(false)
  expect(prevents('edgekeep://app/')).toBe(true)
  contents.openHandler!({ url: 'https://hstspreload.org/x' })
  contents.openHandler!({ url: 'http://evil.test/' })
  expect(opened).toEqual(['https://hstspreload.org/x'])
})
