import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'

let app: DesktopApp

beforeAll(async () => {
  const started = await startDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(() => app?.close())
beforeEach(needsElectron)

describe('the desktop app', () => {
  test('shows the window on an engine of its own', async () => {
    await app.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
    expect(await app.ask((client) => client.engine.status())).toMatchObject({ edge: { state: 'running' } })
  })

  test('gives the page nothing of Node or Electron', async () => {
    const reachable = await app.window.evaluate(() =>
      ['require', 'process', 'Buffer', 'module', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    )
    expect(reachable).toEqual([])
  })

  test('stays on its page and opens no other window', async () => {
    const before = app.window.url()
    await app.window.evaluate(() => {
      globalThis.open('https://example.com/somewhere')
      location.href = 'https://example.com/'
    })
    await app.window.waitForTimeout(500)
    expect(app.window.url()).toBe(before)
    expect(app.electron.windows()).toHaveLength(1)
  })

  test('runs its pages in a sandbox, each in a process of its own', async () => {
    const kinds = await app.electron.evaluate(({ app }) =>
      app.getAppMetrics().map(({ type, sandboxed }) => ({ type, sandboxed })),
    )
    expect(kinds.filter(({ type }) => type === 'Tab')).toHaveLength(1)
  })

  test('shows the window again when it is started a second time, and the second start ends', async () => {
    const file = path.resolve('test/support/pki/samples/chain.p7b')
    const second = spawn(app.start.executablePath, [...app.start.args, file], { stdio: 'ignore' })
    const [status] = (await once(second, 'exit')) as [number]
    expect(status).toBe(0)
    const pieces = app.window.getByRole('navigation', { name: 'Pieces found' })
    await pieces.getByText('chain.p7b').first().waitFor()
    expect(app.electron.windows()).toHaveLength(1)
  })

  test('ends its engine when it ends', async () => {
    await app.quit()
    expect(await connectEngine(app.home)).toBeNull()
  })
})
