import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { showDanger, showPart } from '../support/browser/domain-page.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { dropFiles } from '../support/browser/drop-files.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { lookOver, takePicture } from './pictures.ts'

const authority = createTestAuthority({ commonName: 'Window test authority' })
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })

let opened: OpenedWindow
let files: string[]

beforeAll(async () => {
  opened = await openWindow()
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(opened.home.folder, ['domain', 'add', 'blog.test', '--origin', 'http://127.0.0.1:3000'])
  files = ['shop.crt', 'shop.key'].map((name) => path.join(opened.home.folder, name))
  writeFileSync(files[0] ?? '', shop.chainPem)
  writeFileSync(files[1] ?? '', shop.keyPem)
}, 120_000)
afterAll(() => opened?.close())

const settings = () => opened.window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
const says = (words: string | RegExp) => opened.window.getByText(words).first().waitFor()

/** Presses Tab until the focused element is called `name`. */
async function tabTo(name: string): Promise<void> {
  const { window } = opened
  for (let presses = 0; presses < 40; presses += 1) {
    await window.keyboard.press('Tab')
    const label = await window.evaluate(
      `document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText`,
    )
    if (String(label).trim() === name) return
  }
  throw new Error(`Tab never reaches "${name}"`)
}

describe('the window', () => {
  test('leads to HTTPS by the keyboard alone', async () => {
    const { keyboard } = opened.window
    await says('shop.test')
    await keyboard.press('Control+K')
    const palette = opened.window.getByRole('dialog', { name: 'Search and commands' })
    // The palette takes the focus and selects the first hit a moment after it opens.
    await palette.locator('input:focus').waitFor()
    await keyboard.type('shop.test')
    await palette.locator('[data-selected]').filter({ hasText: 'shop.test' }).waitFor()
    await keyboard.press('Enter')
    await opened.window.getByRole('heading', { name: 'shop.test' }).waitFor()
    await tabTo('Turn on HTTPS')
    await keyboard.press('Enter')
    await settings().waitFor()
    await tabTo('Free')
    await keyboard.press('Space')
    await tabTo('Save')
    await keyboard.press('Enter')
    await says('shop.test is served over HTTPS.')
  })

  test('adds a domain by the keyboard alone, and goes on from its page', async () => {
    const { window } = opened
    const { keyboard } = window
    await window.getByRole('link', { name: 'Domains', exact: true }).first().click()
    await tabTo('Add domain')
    await keyboard.press('Enter')
    await window.getByRole('dialog').getByLabel('Domain').and(window.locator(':focus')).waitFor()
    await keyboard.type('keys.test')
    await keyboard.press('Tab')
    await keyboard.type('3000')
    await keyboard.press('Enter')
    await window.getByRole('heading', { name: 'keys.test' }).waitFor()
    await window.locator('#page:focus').waitFor({ state: 'attached' })
    await edgekeep(opened.home.folder, ['domain', 'remove', 'keys.test', '--yes'])
  })

  test('has in its palette whatever a page offers to do, and does it from another page', async () => {
    const { window } = opened
    const palette = window.getByRole('dialog', { name: 'Search and commands' })
    const sections = window.getByRole('navigation', { name: 'Sections' })
    const goTo = (page: string) => sections.getByRole('link', { name: page, exact: true }).click()
    const pages = ['Domains', 'Certificates', 'Inspector', 'Traffic', 'Usage', 'Activity', 'Settings']
    for (const page of pages) {
      await goTo(page)
      await window.getByRole('heading', { level: 1, name: page }).waitFor()
      const offered = window.locator('#page [data-does]:enabled')
      if (page !== 'Activity') await offered.first().waitFor()
      const labels = await offered.evaluateAll((buttons) =>
        buttons.map((button) => button.querySelector('[class*="Button-label"]')?.textContent ?? ''),
      )
      await window.keyboard.press('Control+K')
      await palette.locator('input:focus').waitFor()
      for (const label of labels.filter((each) => each !== ''))
        await palette.getByRole('button', { name: label }).first().waitFor()
      await window.keyboard.press('Escape')
      await palette.waitFor({ state: 'detached' })
    }
    await window.keyboard.press('Control+K')
    await palette.locator('input:focus').waitFor()
    await window.keyboard.type('Ask a server')
    await palette.locator('[data-selected]').filter({ hasText: 'Ask a server' }).waitFor()
    await window.keyboard.press('Enter')
    await window.getByRole('dialog', { name: 'What does a server send?' }).waitFor()
    await window.keyboard.press('Escape')
    await goTo('Domains')
    await window.getByRole('link', { name: 'shop.test', exact: true }).click()
    // The page's own acts come first, also those of a page that the palette could not open.
    await window.getByRole('button', { name: 'Modify' }).waitFor()
    await window.keyboard.press('Control+K')
    await palette.locator('input:focus').waitFor()
    const first = palette.locator('[class*="Spotlight-actionsGroup"]').first()
    await first.getByRole('button', { name: 'Modify' }).waitFor()
    expect(await first.getByRole('button', { name: 'Switch between light and dark' }).count()).toBe(0)
    await window.keyboard.press('Escape')
    await palette.waitFor({ state: 'detached' })
  })

  test('takes files dropped beside the drop zone of the HTTPS settings, and swaps to them', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Modify' }).click()
    const heading = await settings().getByText('Serve shop.test over HTTPS').boundingBox()
    await dropFiles(window, { x: heading?.x ?? 0, y: heading?.y ?? 0 }, files)
    await says('The key belongs to the certificate')
    expect(await settings().getByRole('radio', { name: 'Upload' }).isChecked()).toBe(true)
    await settings()
      .getByText(/^1 problem: fewer clients trust its authority: /)
      .waitFor()
    await takePicture(window, '50-worse-certificate')
    await settings().getByRole('button', { name: 'Use it anyway' }).click()
    await settings().waitFor({ state: 'hidden' })
    await says('Uploaded · EC P-256')
  })

  test('passes files dropped beside a dialog on to its drop zone, and refuses them where it has none', async () => {
    const { window } = opened
    const goTo = (page: string) =>
      window
        .getByRole('navigation', { name: 'Sections' })
        .getByRole('link', { name: page, exact: true })
        .click()
    await goTo('Certificates')
    await window.getByRole('button', { name: 'Import a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Import a certificate' })
    await dialog.waitFor()
    await dropFiles(window, { x: 5, y: 400 }, files)
    await dialog.getByText('The key belongs to the certificate').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await goTo('Domains')
    await window.getByRole('button', { name: 'Add domain' }).first().click()
    const add = window.getByRole('dialog', { name: 'Add a domain' })
    await add.waitFor()
    await dropFiles(window, { x: 5, y: 400 }, files)
    const refused = window.getByRole('alert').filter({ hasText: 'The files were not read' })
    await refused.waitFor()
    await add.getByRole('button', { name: 'Cancel' }).click()
    await refused.getByRole('button').click()
  })

  test('chooses a redirect by a click on its description', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'shop.test', exact: true }).click()
    await showPart(window, 'Redirect and HSTS')
    const choice = window.getByRole('radio', { name: 'HTTP → HTTPS' })
    // The label lies over its description, and takes the click.
    await window.getByText('Every HTTP request is redirected to HTTPS.').click({ force: true })
    expect(await choice.isChecked()).toBe(true)
    await window.getByRole('button', { name: 'Discard' }).click()
    await showPart(window, 'HTTPS and certificate')
  })

  test('rolls back to the certificate before, saying which name loses its cover', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Roll back' }).click()
    const dialog = window.getByRole('dialog', { name: /^Roll back to/ })
    await dialog.getByText('1 problem: it no longer covers www.shop.test.').waitFor()
    await dialog.getByRole('button', { name: 'Use it anyway' }).click()
    await says('Free, from the local authority · EC P-256')
  })

  test('lists what the next swap erases, offers to keep it, and confirms afterwards what it erased', async () => {
    const { window } = opened
    const inVault = async () => {
      const { certificates } = (await edgekeep(opened.home.folder, ['cert', 'list', '--json'])).json()
      return (certificates as { name: string; kind: string; kept: boolean }[])
        .map(({ kind, kept }) => `${kind}${kept ? ', kept' : ''}`)
        .sort()
    }
    const swapToFree = async () => {
      await window.getByRole('button', { name: 'Modify' }).click()
      await settings().getByRole('radio', { name: 'Free' }).check()
    }
    const note = settings().getByRole('region', { name: 'Erased by this change' })
    const save = async () => {
      await settings().getByRole('button', { name: 'Save and swap' }).click()
      await settings().waitFor({ state: 'hidden' })
    }
    await says('The next swap erases it and its private key.')
    await swapToFree()
    await note.getByText(/^This change erases “shop\.test.*” with its private key/).waitFor()
    await lookOver(window, '49-erased-by-swap')
    await note.getByLabel('Keep in My certificates').check()
    await note.getByText(/stays in My certificates\.$/).waitFor()
    await save()
    expect(await inVault()).toEqual(['free', 'free', 'uploaded, kept'])
    await swapToFree()
    await note.getByText(/^This change erases/).waitFor()
    await save()
    await says(/Erased with its key: shop\.test/)
    expect(await inVault()).toEqual(['free', 'free', 'uploaded, kept'])
    await window.getByRole('button', { name: 'Keep in My certificates' }).click()
    await says(/^“.*” stays in My certificates\.$/)
    expect(await inVault()).toEqual(['free', 'free, kept', 'uploaded, kept'])
  })

  test('pauses HTTPS and resumes it with the same certificate', async () => {
    const { window } = opened
    await showDanger(window)
    await window.getByRole('button', { name: 'Pause HTTPS' }).click()
    await says(/^HTTPS is paused\. The certificate and its key are still in the vault/)
    await window.getByRole('button', { name: 'Resume HTTPS' }).click()
    await says('HTTPS is on again for shop.test.')
  })

  test('opens the Inspector with files dropped outside any dialog, and stores nothing', async () => {
    const { window } = opened
    const before = (await edgekeep(opened.home.folder, ['cert', 'list', '--json'])).out
    await window.getByRole('link', { name: 'Domains' }).first().click()
    await window.getByRole('link', { name: 'blog.test' }).waitFor()
    await dropFiles(window, { x: 600, y: 700 }, files)
    await window.getByRole('heading', { name: 'Inspector' }).waitFor()
    await says('EC P-256 private key')
    expect((await edgekeep(opened.home.folder, ['cert', 'list', '--json'])).out).toBe(before)
  })

  test('shows that the engine is gone, keeps its last state, and goes on when the engine is back', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Domains' }).click()
    const { json } = await edgekeep(opened.home.folder, ['status', '--json'])
    process.kill((json() as unknown as { status: { pid: number } }).status.pid, 'SIGKILL')
    await says('The engine is not responding. Reconnecting…')
    expect(await window.getByRole('link', { name: 'blog.test' }).isVisible()).toBe(true)
    await says(/^Listening on/)
    await edgekeep(opened.home.folder, ['domain', 'remove', 'blog.test', '--yes'])
    await window.getByRole('link', { name: 'blog.test' }).waitFor({ state: 'detached' })
  })

  test('says how to open it again when Edgekeep itself has ended', async () => {
    const { window } = opened
    const isRefused = async (control: Locator) => {
      expect(await control.getAttribute('aria-description')).toBe(
        'Edgekeep has ended. Run “edgekeep” again to use this.',
      )
      expect(await control.getAttribute('aria-disabled')).toBe('true')
    }
    await window.getByRole('link', { name: 'shop.test' }).first().click()
    const asking = window.getByRole('dialog')
    // The engine came back a moment ago; a page that is loaded anew would lose a first click.
    const isAsking = async () => {
      if ((await asking.count()) === 0) {
        await showDanger(window)
        await window.getByRole('button', { name: 'Remove domain…' }).click()
      }
      return asking.getByRole('button', { name: 'Remove domain', exact: true }).isVisible()
    }
    await expect.poll(isAsking, { timeout: 30_000, interval: 500 }).toBe(true)
    await opened.running.interrupt()
    await says('Edgekeep has ended. Run “edgekeep” again.')
    // An open dialog can be cancelled, not confirmed.
    await isRefused(asking.getByRole('button', { name: 'Remove domain', exact: true }))
    await lookOver(window, '48-ended-dialog')
    await asking.getByRole('button', { name: 'Cancel' }).click()
    await window.getByRole('link', { name: 'Domains' }).first().click()
    // A domain that was on is now unknown: no engine is there to report it.
    const row = window.getByRole('row', { name: /shop\.test/ })
    await row.getByText('Unknown').first().waitFor()
    expect(await row.getByText('On', { exact: true }).count()).toBe(0)
    expect(await window.getByRole('button', { name: 'Add domain' }).getAttribute('aria-disabled')).toBe(
      'true',
    )
    await lookOver(window, '48-ended')
    await window.getByRole('link', { name: 'shop.test' }).first().click()
    const verification = window.getByRole('region', { name: 'Verification' })
    expect(await verification.getByRole('button', { name: /^Verify/ }).isDisabled()).toBe(true)
    expect(await verification.getByText('The edge serves it over HTTPS').count()).toBe(0)
    const https = window.getByRole('switch', { name: 'HTTPS' })
    await isRefused(https)
    await https.click({ force: true })
    expect(await settings().count()).toBe(0)
    await isRefused(window.getByRole('button', { name: 'Open in browser' }))
    await lookOver(window, '48-ended-domain')
    await window.getByRole('link', { name: 'Settings' }).click()
    for (const name of ['Change protection…', 'Lock the vault', 'Back up…'])
      await isRefused(window.getByRole('button', { name }))
    await isRefused(window.getByRole('switch', { name: /^Stop serving HTTPS/ }))
    await lookOver(window, '48-ended-settings')
    // Commands of the window itself still work, and the palette offers no others.
    await window.keyboard.press('Control+K')
    const palette = window.getByRole('dialog', { name: 'Search and commands' })
    await palette.getByRole('button', { name: 'Switch' }).first().waitFor()
    expect(await palette.getByRole('button', { name: 'Lock the vault' }).count()).toBe(0)
    expect(await palette.getByRole('button', { name: 'Change protection…' }).count()).toBe(0)
  })
})
