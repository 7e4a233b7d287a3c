import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { edgekeep, edgekeepProcess } from '../support/processes/cli.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

let origin: TestOrigin
let opened: OpenedWindow
/** HOME of engine and browser, whose stores are the test's own. */
const home = temporaryFolder()

beforeAll(async () => {
  origin = await startOrigin((_request, response) => response.end('<h1>The shop is open</h1>'))
  opened = await openWindow({ HOME: home })
  const address = `http://127.0.0.1:${origin.port}`
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', address])
}, 120_000)
afterAll(async () => {
  await opened?.close()
  await origin.close()
  rmSync(home, { recursive: true, force: true })
})

describe('a free certificate', () => {
  test('is chosen in the window, and verifying earns the green mark', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'shop.test' }).click()
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: 'Free' }).click()
    await dialog.getByRole('combobox', { name: 'More names' }).fill('www.shop.test')
    await window.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await window.getByText('www.shop.test', { exact: true }).waitFor()
    await window.getByRole('button', { name: 'Verify', exact: true }).click()
    await window.getByText('The edge serves it over HTTPS').waitFor()
    await takePicture(window, '09-works')
  })

  test('is accepted by a browser that trusts the local authority', async (context) => {
    const reason = whyNoBrowserTrust()
    if (reason) context.skip(reason)
    // Recipe of docs/guide/develop.md, "Tests in a browser".
    const words = ['trust', 'install', '--client', 'chromium', '--yes']
    const trust = await edgekeepProcess(opened.home.folder, words, '', { HOME: home })
    expect(trust).toMatchObject({ status: 0 })
    const visitor = await openBrowser({ home, hosts: ['shop.test'] })
    const page = await visitor.context.newPage()
    const response = await page.goto(`https://shop.test:${opened.running.httpsPort}/`)
    expect(await response?.securityDetails()).toMatchObject({ protocol: 'TLS 1.3' })
    expect(await page.locator('h1').textContent()).toBe('The shop is open')
    await visitor.close()
  })
})
