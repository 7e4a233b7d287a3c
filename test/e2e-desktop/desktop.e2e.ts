import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/launch/connect.ts'
import { hasDisplay } from '../../src/launch/display.ts'
import { fetchElectron, findElectron } from '../../src/launch/electron-binary.ts'
import { openHome, type Home } from '../../src/launch/home.ts'
import { findInstallation } from '../../src/launch/installation.ts'
import { environmentForChildren } from '../../src/launch/pinned-node.ts'
import { temporaryFolder } from '../support/engine.ts'

const { root } = findInstallation()
const electron = findElectron(root) ?? (await fetchElectron(root, 120_000))
const whyNot = !electron
  ? "Electron's program is not there and cannot be fetched"
  : !hasDisplay()
    ? 'there is no display (xvfb-run gives one)'
    : null
if (whyNot) console.log(`The desktop's tests are skipped: ${whyNot}.`)

describe.skipIf(whyNot !== null)('the desktop app', () => {
  let home: Home
  let app: ElectronApplication
  let window: Page

  beforeAll(async () => {
    home = openHome(temporaryFolder())
    app = await start(home)
    window = await app.firstWindow()
  }, 60_000)
  afterAll(() => app?.close())

  function start({ folder }: Home): Promise<ElectronApplication> {
    // As root, as in a container, Chromium runs without its sandbox or not at all; everywhere else it stays on.
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    return _electron.launch({
      executablePath: electron!,
      args: [...asRoot, root, '--home', folder],
      env: environmentForChildren() as Record<string, string>,
    })
  }

  test('shows the window on its own origin, tied to an engine of its own', async () => {
    expect(window.url()).toMatch(/^edgekeep:\/\/app\//)
    expect(await window.title()).toContain('Edgekeep')
    await window.getByText(/Listening on/).waitFor()
    const connection = await connectEngine(home)
    expect((await connection!.client.engine.status()).edge.state).toBe('running')
    await connection!.close()
  })

  test('gives the page nothing of Node or Electron but the way to ask for a port', async () => {
    const given = await window.evaluate(() => ({
      desktop: Object.keys((window as unknown as { edgekeepDesktop: object }).edgekeepDesktop),
      process: typeof (globalThis as { process?: unknown }).process,
      require: typeof (globalThis as { require?: unknown }).require,
    }))
    expect(given).toEqual({ desktop: ['requestPort'], process: 'undefined', require: 'undefined' })
  })

  test('keeps the page where it is and opens no other', async () => {
    const before = window.url()
    const opened = await window.evaluate(() => {
      const other = globalThis.window.open('https://example.com/path')
      location.href = 'https://example.com/'
      return other === null
    })
    expect(opened).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(window.url()).toBe(before)
    expect(app.windows()).toHaveLength(1)
  })

  test('loads nothing from elsewhere and runs no text as script', async () => {
    const outcome = await window.evaluate(async () => ({
      fetched: await fetch('http://127.0.0.1/').then(
        () => true,
        () => false,
      ),
      ran: (() => {
        const script = document.createElement('script')
        script.textContent = 'globalThis.ran = true'
        document.head.append(script)
        return 'ran' in globalThis
      })(),
    }))
    expect(outcome).toEqual({ fetched: false, ran: false })
  })

  test('shows its window again when it is started a second time', async () => {
    const second = await start(home).catch(() => null)
    await second?.close().catch(() => undefined)
    expect(app.windows()).toHaveLength(1)
  })

  test('ends its engine when it quits', async () => {
    await app.close()
    await expect.poll(() => connectEngine(home), { timeout: 10_000 }).toBeNull()
  })
})
