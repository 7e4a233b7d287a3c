import type { Dialog, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { freePort } from '../support/free-port.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { lookOver, takePicture } from './pictures.ts'

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  for (const name of ['shop.test', 'blog.test'])
    await run('domain', 'add', name, '--origin', 'http://127.0.0.1:3000')
}, 120_000)
afterAll(() => opened?.close())

const run = (...args: string[]) => edgekeep(opened.home.folder, args)

async function openDomain(window: Page, name: string): Promise<void> {
  await window.getByRole('link', { name: 'Domains' }).first().click()
  await window.getByRole('link', { name, exact: true }).first().click()
  await window.getByRole('heading', { name }).waitFor()
}

const connectField = (window: Page) => window.getByRole('textbox', { name: 'Connect (s)' })
const saveTimeouts = (window: Page) =>
  window.getByRole('region', { name: 'Timeouts' }).getByRole('button', { name: 'Save' })

/** Another window of the same person. */
async function secondWindow(): Promise<Page> {
  const window = await opened.browser.context.newPage()
  await window.goto(opened.window.url())
  return window
}

/** Delays the engine's messages to the page between `hold` and `release`. */
async function holdAnswers(page: Page): Promise<{ hold(): void; release(): void }> {
  let held: (() => void)[] | null = null
  await page.routeWebSocket(/.*/, (socket) => {
    socket.connectToServer().onMessage((message) => {
      const pass = () => socket.send(message)
      if (held) held.push(pass)
      else pass()
    })
  })
  return {
    hold: () => void (held = []),
    release() {
      const passed = held ?? []
      held = null
      for (const pass of passed) pass()
    },
  }
}

describe('edits that are not saved', () => {
  test('are still there on coming back, and are marked on the tab and in the list', async () => {
    const { window } = opened
    await openDomain(window, 'shop.test')
    await showPart(window, 'Origins')
    await connectField(window).fill('7')
    await showPart(window, 'TLS')
    await window.getByRole('link', { name: 'Domains' }).first().click()
    const row = window.getByRole('row', { name: /shop\.test/ })
    await row.getByText('Unsaved changes').waitFor()
    expect(
      await window
        .getByRole('row', { name: /blog\.test/ })
        .getByText('Unsaved changes')
        .count(),
    ).toBe(0)
    await openDomain(window, 'shop.test')
    await showPart(window, 'Origins')
    expect(await connectField(window).inputValue()).toBe('7')
  })

  test('are asked about before the window closes', async () => {
    const { window } = opened
    const asked = new Promise<Dialog>((resolve) => window.once('dialog', resolve))
    await window.close({ runBeforeUnload: true })
    const question = await asked
    expect(question.type()).toBe('beforeunload')
    await question.dismiss()
    expect(window.isClosed()).toBe(false)
    expect(await connectField(window).inputValue()).toBe('7')
  })

  test('do not go over what another window has saved meanwhile: it is shown, and the person chooses', async () => {
    const { window } = opened
    const other = await secondWindow()
    await openDomain(other, 'shop.test')
    await showPart(other, 'Origins')
    await connectField(other).fill('3')
    await saveTimeouts(other).click()
    await other.getByText('Timeouts saved.').waitFor()

    const meanwhile = window.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
    await meanwhile.waitFor()
    await takePicture(window, 'drafts-meanwhile')
    expect(await saveTimeouts(window).isDisabled()).toBe(true)
    await meanwhile.getByRole('button', { name: 'Keep my changes' }).click()
    await saveTimeouts(window).click()
    await window.getByText('Timeouts saved.').waitFor()
    await expect.poll(() => connectField(other).inputValue()).toBe('7')
    await other.close()
  })

  test('are dropped for what a command has saved meanwhile, where the person wants that', async () => {
    const { window } = opened
    await connectField(window).fill('9')
    await run('origin', 'timeouts', 'shop.test', '--connect', '5')
    const meanwhile = window.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
    await meanwhile.getByRole('button', { name: 'Discard my changes' }).click()
    expect(await connectField(window).inputValue()).toBe('5')
    await window.getByRole('link', { name: 'Domains' }).first().click()
    await window.getByRole('row', { name: /shop\.test/ }).waitFor()
    expect(await window.getByText('Unsaved changes').count()).toBe(0)
  })

  test('survive a save of other edits that is still running', async () => {
    const window = await opened.browser.context.newPage()
    const { hold, release } = await holdAnswers(window)
    await window.goto(opened.window.url())
    await openDomain(window, 'blog.test')
    await showPart(window, 'Origins')
    await connectField(window).fill('7')
    hold()
    await saveTimeouts(window).click()
    await window.getByRole('textbox', { name: 'Response header (s)' }).fill('33')
    release()
    await window.getByText('Timeouts saved.').waitFor()
    const section = window.getByRole('region', { name: 'Timeouts' })
    await section.getByText('Unsaved changes').waitFor()
    expect(await section.getByRole('alert').count()).toBe(0)
    expect(await window.getByRole('textbox', { name: 'Response header (s)' }).inputValue()).toBe('33')
    await saveTimeouts(window).click()
    await section.getByText('Unsaved changes').waitFor({ state: 'detached' })
    const shown = (await run('domain', 'show', 'blog.test', '--json')).json()
    expect(shown).toMatchObject({
      domain: { policies: { timeouts: { connectSeconds: 7, responseSeconds: 33 } } },
    })
    await window.close()
  })

  test('do not overwrite edge settings that another window has saved meanwhile', async () => {
    const { window } = opened
    const edgeOf = async (page: Page) => {
      await page.getByRole('link', { name: 'Settings' }).first().click()
      return page.getByRole('region', { name: 'Edge' })
    }
    const [httpsPort, httpPort, others] = [await freePort(), await freePort(), await freePort()]
    const edge = await edgeOf(window)
    const field = (of: Locator, name: string) => of.getByRole('textbox', { name, exact: true })
    await field(edge, 'HTTPS port').fill(String(httpsPort))
    const other = await secondWindow()
    const edgeThere = await edgeOf(other)
    const save = (of: Locator) => of.getByRole('button', { name: 'Save' })
    await field(edgeThere, 'HTTP port').fill(String(httpPort))
    await save(edgeThere).click()
    await save(edgeThere).waitFor({ state: 'detached' })

    // A setting outside the draft is simply updated.
    await expect.poll(() => field(edge, 'HTTP port').inputValue()).toBe(String(httpPort))
    const meanwhile = edge.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
    expect(await meanwhile.count()).toBe(0)
    await field(edgeThere, 'HTTPS port').fill(String(others))
    await save(edgeThere).click()
    await meanwhile.waitFor()
    await lookOver(window, 'settings-edge-meanwhile')
    expect(await meanwhile.innerText()).toContain(String(others))
    expect(await save(edge).isDisabled()).toBe(true)
    await meanwhile.getByRole('button', { name: 'Keep my changes' }).click()
    await save(edge).click()
    await save(edge).waitFor({ state: 'detached' })
    await expect.poll(() => field(edgeThere, 'HTTPS port').inputValue()).toBe(String(httpsPort))
    expect(await field(edge, 'HTTP port').inputValue()).toBe(String(httpPort))
    await other.close()
  })
})

test('ports of the ACME server do not go over what a command has set meanwhile, each for itself', async () => {
  const { window } = opened
  const [port, mine, theirs, another] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ].map(String)
  await run('acme', 'serve', '--port', port!, '--http-port', '5080', '--tls-port', '5443')
  await window.getByRole('link', { name: 'Issuing' }).first().click()
  const section = window.getByRole('region', { name: 'ACME server' })
  const meanwhile = section.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
  const field = (name: string) => section.getByRole('textbox', { name, exact: true })
  await field('HTTP challenges').fill(mine!)
  await run('acme', 'serve', '--tls-port', theirs!)
  await expect.poll(() => field('TLS challenges').inputValue()).toBe(theirs)
  expect(await meanwhile.count()).toBe(0)
  await run('acme', 'serve', '--http-port', another!)
  await meanwhile.getByText(another!).waitFor()
  await section.scrollIntoViewIfNeeded()
  await lookOver(window, 'issuing-ports-meanwhile')
  const save = section.getByRole('button', { name: 'Save ports' })
  expect(await save.isDisabled()).toBe(true)
  await meanwhile.getByRole('button', { name: 'Keep my changes' }).click()
  await save.click()
  await save.waitFor({ state: 'detached' })
  const challenges = `on 127.0.0.1: HTTP ${mine}, TLS ${theirs}, DNS not set`
  expect((await run('acme', 'serve')).out).toContain(challenges)
})

test('an error of another ACME setting is shown while the ports are edited', async () => {
  const { window } = opened
  const section = window.getByRole('region', { name: 'ACME server' })
  await section.getByRole('textbox', { name: 'HTTP challenges', exact: true }).fill(String(await freePort()))
  await section.getByLabel('Names that are not validated').fill('not..a.name')
  await section.getByLabel('Names that are not validated').press('Enter')
  await section.getByRole('alert').getByText(/name/).first().waitFor()
  await section.getByRole('button', { name: 'Discard' }).click()
})

test('automatic backups are not set over what a command has set meanwhile: it is shown in the dialog', async () => {
  const { window } = opened
  const folder = temporaryFolder()
  await run('vault', 'recovery-key', '--new', '--yes')
  const begin = ['backup', '--every', '24h', '--to', folder, '--password-stdin']
  expect(await edgekeep(opened.home.folder, begin, 'for the copies alone\n')).toMatchObject({ err: '' })
  await window.getByRole('link', { name: 'Settings' }).first().click()
  await window
    .getByRole('group', { name: 'Automatic backups' })
    .getByRole('button', { name: 'Change…' })
    .click()
  const dialog = window.getByRole('dialog', { name: 'Automatic backups' })
  const field = (name: string) => dialog.getByRole('textbox', { name })
  const meanwhile = dialog.getByRole('alert', { name: 'Changed elsewhere meanwhile' })
  await field('Backups to keep').fill('3')
  await run('backup', '--keep', '5')
  await meanwhile.getByText('5').waitFor()
  await lookOver(window, 'settings-schedule-meanwhile')
  const save = dialog.getByRole('button', { name: 'Save and back up now' })
  expect(await save.isDisabled()).toBe(true)
  await meanwhile.getByRole('button', { name: 'Keep my changes' }).click()
  await save.click()
  await dialog.waitFor({ state: 'detached' })
  expect((await run('backup', '--every', '24h')).out).toContain('the last 3 are kept')
})
