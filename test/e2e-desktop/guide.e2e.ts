import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takePicture } from '../e2e/pictures.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'

let app: DesktopApp
let guide: Page

beforeAll(async () => {
  const started = await startDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(() => app?.close())
beforeEach(needsElectron)

describe('the guide', () => {
  test('opens from the window in one of its own, without a network, Node or the app’s origin', async () => {
    const opens = app.electron.waitForEvent('window')
    await app.window.getByRole('button', { name: 'Guide' }).click()
    guide = await opens
    await guide.getByRole('heading', { name: 'Getting started' }).waitFor()
    expect(new URL(guide.url()).host).toBe('guide')
    expect(await guide.evaluate(() => 'edgekeepDesktop' in globalThis || 'process' in globalThis)).toBe(false)
  })

  test('is searched: places of the page are counted and gone through, other pages are listed', async () => {
    await guide.keyboard.press('Control+f')
    await guide.keyboard.type('token')
    await guide.getByText(/^\d+ in this page$/).waitFor()
    await guide.keyboard.press('Enter')
    await guide.getByText(/^1 of \d+ in this page$/).waitFor()
    const found = guide.getByRole('list', { name: 'Found' }).getByRole('link')
    expect(await found.count()).toBeGreaterThan(1)
    await guide.locator('#find').fill('smuggl')
    await guide.locator('#find').fill('recovery key')
    await guide
      .getByRole('list', { name: 'Found' })
      .getByRole('link', { name: /Protecting the vault/ })
      .first()
      .click()
    await guide.getByRole('heading', { name: 'Protecting the vault' }).waitFor()
    expect(await guide.locator('#find').inputValue()).toBe('recovery key')
  })

  test('is seen in dark and light', async () => {
    for (const scheme of ['dark', 'light'] as const) {
      await app.electron.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source
      }, scheme)
      await expect
        .poll(() => guide.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))
        .toBe(scheme === 'dark')
      await takePicture(guide, `desktop-guide-${scheme}`)
    }
  })

  test('goes nowhere else, and with the window', async () => {
    await guide.evaluate(() => {
      location.href = 'edgekeep://app/'
    })
    await guide.waitForTimeout(300)
    expect(new URL(guide.url()).host).toBe('guide')
    expect(app.electron.windows()).toHaveLength(2)
  })
})
