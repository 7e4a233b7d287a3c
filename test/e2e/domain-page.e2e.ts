import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { takePicture } from './pictures.ts'

const parts = [
  'HTTPS and certificate',
  'Origins',
  'TLS',
  'Redirect and HSTS',
  'History',
  // Empty, in a row of their own.
  'Headers',
  'Access',
  'Findings',
]

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(opened.home.folder, ['https', 'on', 'shop.test', '--free'])
  await opened.window.getByRole('link', { name: 'shop.test', exact: true }).click()
}, 120_000)
afterAll(() => opened?.close())

const section = (name: string) => opened.window.getByRole('region', { name, exact: true })
const index = () => opened.window.getByRole('navigation', { name: 'Settings of shop.test' })
const withoutCount = (text: string | null) => text?.replace(/\d+$/, '')
const current = async () => withoutCount(await index().locator('[aria-current=page]').textContent())
const hash = () => new URL(opened.window.url()).hash

/** The same window at an address, as from a bookmark. */
async function openAt(address: string): Promise<void> {
  await opened.window.goto(new URL(address, opened.window.url()).href)
  await opened.window.reload()
}

describe('the page of a domain', () => {
  test('lists its parts, and shows one at a time', async () => {
    await section('HTTPS').waitFor()
    expect((await index().getByRole('link').allTextContents()).map(withoutCount)).toEqual(parts)
    expect(await index().locator('[data-empty] a').allTextContents()).toEqual([
      'Headers0',
      'Access0',
      'Findings0',
    ])
    expect(await current()).toBe('HTTPS and certificate')
    expect(await section('Header rules').isVisible()).toBe(false)
    await showPart(opened.window, 'Headers')
    await section('Header rules').waitFor()
    expect(await section('HTTPS').isVisible()).toBe(false)
    expect(await current()).toBe('Headers')
  })

  test('has an address for each part, through which back and forward lead', async () => {
    expect(hash()).toBe('#/domains/shop.test/headers')
    await showPart(opened.window, 'Redirect and HSTS')
    await section('HSTS').waitFor()
    await opened.window.goBack()
    await section('Header rules').waitFor()
    await opened.window.goBack()
    await section('HTTPS').waitFor()
    await opened.window.goForward()
    await section('Header rules').waitFor()
  })

  test('opens at the part that an address names, and at the first where it names none that there is', async () => {
    await openAt('#/domains/shop.test/origins')
    await section('Backup origins').waitFor()
    await openAt('#/domains/shop.test/nonsense')
    await section('HTTPS').waitFor()
  })

  test('keeps unsaved input while another part is shown', async () => {
    await showPart(opened.window, 'Origins')
    await section('Backup origins').getByLabel('Add a backup').fill('http://127.0.0.1:3001')
    await showPart(opened.window, 'History')
    await section('History').waitFor()
    await showPart(opened.window, 'Origins')
    expect(await section('Backup origins').getByLabel('Add a backup').inputValue()).toBe(
      'http://127.0.0.1:3001',
    )
  })

  test('shows another part from its beginning', async () => {
    const { window } = opened
    await section('Timeouts').scrollIntoViewIfNeeded()
    await showPart(window, 'Access')
    await showPart(window, 'Origins')
    const top = () => section('Origin').evaluate((element) => element.getBoundingClientRect().top)
    expect(await top()).toBeGreaterThan(0)
  })

  test('is walked by the keyboard alone', async () => {
    const { window } = opened
    await index().getByRole('link', { name: 'Origins' }).focus()
    await window.keyboard.press('Tab')
    await window.keyboard.press('Enter')
    await section('TLS').waitFor()
    expect(await current()).toBe('TLS')
    // The next stop is the next part, not the page's beginning: the focus stays where it was.
    await window.keyboard.press('Tab')
    await window.keyboard.press('Enter')
    await section('Redirect').waitFor()
  })

  test.each(['light', 'dark'] as const)('fits a wide and a narrow window, in %s', async (colorScheme) => {
    const { window } = opened
    await window.emulateMedia({ colorScheme })
    for (const width of [1280, 820]) {
      await window.setViewportSize({ width, height: 800 })
      for (const part of parts) {
        await showPart(window, part)
        const sideways = await window.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        )
        expect(sideways, part).toBe(0)
        const name = part.toLowerCase().replaceAll(' ', '-')
        await takePicture(window, `domain-${name}-${width}-${colorScheme}`)
      }
    }
    await window.setViewportSize({ width: 1280, height: 800 })
  })
})
