import { rmSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { openHome } from '../../src/engine-process/home.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/engine/engine.ts'

beforeEach(needsElectron)

const boundsOf = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())
const zoomOf = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel())

test(
  'the window comes back where it was, as large as it was, with its text as large as it was',
  async () => {
    const home = openHome(temporaryFolder())
    const place = { x: 140, y: 90, width: 1010, height: 690 }
    try {
      const first = (await startDesktop({ home }))!
      await first.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
      await first.electron.evaluate(({ BrowserWindow }, bounds) => {
        const window = BrowserWindow.getAllWindows()[0]
        window?.setBounds(bounds)
        window?.webContents.setZoomLevel(1)
      }, place)
      await expect.poll(() => boundsOf(first)).toMatchObject(place)
      await first.quit()
      const second = (await startDesktop({ home }))!
      await second.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
      expect(await boundsOf(second)).toMatchObject(place)
      await expect.poll(() => zoomOf(second)).toBe(1)
      await second.quit()
    } finally {
      rmSync(home.folder, { recursive: true, force: true, maxRetries: 5 })
    }
  },
  patientMs,
)

test(
  'the first window fits a screen of scale 2',
  async () => {
    const app = (await startDesktop({ words: ['--force-device-scale-factor=2'] }))!
    try {
      const { bounds, area } = await app.electron.evaluate(({ BrowserWindow, screen }) => ({
        bounds: BrowserWindow.getAllWindows()[0]!.getBounds(),
        area: screen.getPrimaryDisplay().workArea,
      }))
      expect(area.width).toBeLessThan(1280)
      expect(bounds.width).toBeLessThanOrEqual(area.width)
      expect(bounds.height).toBeLessThanOrEqual(area.height)
    } finally {
      await app.close()
    }
  },
  patientMs,
)
