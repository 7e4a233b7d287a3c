import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { har as validate } from 'har-validator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { importIntoDevTools } from '../support/browser/devtools-import.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { startPacedLoad } from '../support/edge/paced-load.ts'
import { flip } from '../support/browser/switches.ts'
import { watchBusySeconds, watchLongestTask } from './main-thread.ts'
import { lookOver, takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

interface Archive {
  log: { entries: { request: { url: string; method: string }; response: { status: number } }[] }
}

let opened: OpenedWindow
let origin: TestOrigin

beforeAll(async () => {
  origin = await startOrigin((incoming, response) => {
    incoming.resume()
    const slow = incoming.url?.startsWith('/slow') ? 180 : 0
    const status = incoming.url?.startsWith('/missing') ? 404 : 200
    setTimeout(() => {
      response.writeHead(status, { 'content-type': 'text/html', 'set-cookie': 'sid=planted-cookie; Path=/' })
      response.end('<!doctype html><title>Shop</title>'.repeat(30))
    }, slow)
  })
  opened = await openWindow()
  const { folder } = opened.home
  const { port } = origin
  await edgekeep(folder, ['domain', 'add', 'shop.test', '--origin', `http://127.0.0.1:${port}`])
  await edgekeep(folder, ['https', 'on', 'shop.test', '--free'])
  await edgekeep(folder, ['domain', 'add', 'blog.test', '--origin', 'http://127.0.0.1:1'])
}, 120_000)
afterAll(async () => {
  await opened?.close()
  await origin?.close()
})

async function visit(
  path: string,
  options: { host?: string; plain?: boolean; method?: string } = {},
): Promise<void> {
  const { host = 'shop.test', plain = false, method = 'GET' } = options
  const port = plain ? opened.running.httpPort : opened.running.httpsPort
  const headers = { host: `${host}:${port}`, authorization: 'Bearer planted-bearer', accept: 'text/html' }
  const shared = { host: '127.0.0.1', port, path, method, headers, agent: false } as const
  const outgoing = plain
    ? httpRequest(shared)
    : httpsRequest({ ...shared, servername: host, rejectUnauthorized: false })
  outgoing.end()
  const [response] = (await once(outgoing, 'response')) as [NodeJS.ReadableStream]
  response.resume()
  await once(response, 'end')
}

async function refusedHandshake(): Promise<void> {
  const socket = connectTls({ host: '127.0.0.1', port: opened.running.httpsPort, servername: 'nowhere.test' })
  await once(socket, 'error')
}

const list = () => opened.window.getByRole('listbox', { name: 'Traffic, newest first' })
const row = (text: string) => list().getByRole('option').filter({ hasText: text }).first()
const details = () => opened.window.getByRole('complementary', { name: 'Details' })

/** Away from the list, so that it moves. */
const lookAway = () => opened.window.mouse.move(5, 5)

describe('the traffic page', () => {
  test('says what will be here while nothing has come by', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Traffic' }).click()
    await window.getByRole('heading', { name: 'No traffic yet' }).waitFor()
    await window.getByRole('link', { name: 'Go to blog.test' }).waitFor()
  })

  test('shows requests and refused handshakes as they come', async () => {
    await visit('/')
    await visit('/slow?q=shoes&token=planted-query')
    await visit('/missing')
    await visit('/cart', { method: 'POST' })
    await visit('/plain', { plain: true })
    await visit('/', { host: 'blog.test', plain: true })
    await refusedHandshake()
    await row('The origin of blog.test refused the connection').waitFor()
    await row('nowhere.test').waitFor()
    expect(await row('/slow').innerText()).toContain('/slow?q=***&token=***')
  })

  test('opens one beside the list, with its time, its TLS and its header fields masked', async () => {
    const { window } = opened
    await row('/slow').click()
    await details().getByRole('heading', { name: 'TLS with the client' }).waitFor()
    const text = await details().innerText()
    expect(text).toContain('TLS 1.3')
    expect(text).toContain('Waiting for the response')
    expect(text).toContain('Bearer ***')
    expect(text).toContain('sid=***; Path=/')
    expect(await window.content()).not.toContain('planted')
    await takePicture(window, '30-traffic')
  })

  test('shows masked values on request, and only until the page is left', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Secrets masked' }).click()
    await details().getByText('Bearer planted-bearer').waitFor()
    await row('token=planted-query').waitFor()
    await window.getByRole('link', { name: 'Domains' }).click()
    await window.getByRole('link', { name: 'Traffic' }).click()
    await row('token=***').waitFor()
    expect(await window.content()).not.toContain('planted')
  })

  test('sends a request again and lists it', async () => {
    const { window } = opened
    await row('/missing').click()
    const before = await list().getByRole('option').filter({ hasText: '/missing' }).count()
    await details().getByRole('button', { name: 'Send again' }).click()
    await window.getByText(/^Sent again: 404 in/).waitFor()
    await lookAway()
    await list().getByRole('option').filter({ hasText: '/missing' }).nth(before).waitFor()
    await details().getByRole('button', { name: 'Close the details' }).click()
  })

  test('is filtered by kind and by text', async () => {
    const { window } = opened
    await window.getByText('Refused', { exact: true }).first().click()
    await row('/missing').waitFor({ state: 'hidden' })
    await row('nowhere.test').waitFor()
    await window.getByText('All', { exact: true }).click()
    await window.keyboard.press('/')
    await window.keyboard.type('no such thing')
    await window.getByRole('heading', { name: 'No matches' }).waitFor()
    await window.getByRole('button', { name: 'Clear filters' }).click()
    await row('/missing').waitFor()
  })

  test('goes by keyboard alone', async () => {
    const { window } = opened
    await list().focus()
    await window.keyboard.press('Home')
    await window.keyboard.press('ArrowDown')
    await window.keyboard.press('ArrowUp')
    await window.keyboard.press('Enter')
    const first = await list().getByRole('option').first().getAttribute('id')
    expect(await list().getAttribute('aria-activedescendant')).toBe(first)
    await details().waitFor()
    await window.keyboard.press('Escape')
    await details().waitFor({ state: 'hidden' })
    await window.keyboard.press('Space')
    await window.getByRole('button', { name: 'Resume' }).waitFor()
    await window.keyboard.press('Space')
    await window.getByRole('button', { name: 'Pause' }).waitFor()
    await window.keyboard.press('Escape')
  })

  test('stands still while the pointer is on it, and goes on when it leaves', async () => {
    const { window } = opened
    await row('/missing').hover()
    await visit('/while-held')
    await window.getByText(/paused while you read · 1 newer/).waitFor()
    expect(await row('/while-held').count()).toBe(0)
    await lookAway()
    await row('/while-held').waitFor()
  })

  test("saves an archive that is valid, that Chromium's developer tools import whole, and that holds no secret", async () => {
    const { window } = opened
    const coming = window.waitForEvent('download')
    await window.getByRole('button', { name: 'Export HAR' }).click()
    const text = readFileSync(await (await coming).path(), 'utf8')
    const archive = JSON.parse(text) as Archive
    await validate(archive)
    expect(archive.log.entries.length).toBeGreaterThan(5)
    expect(text).not.toContain('planted')
    const imported = await importIntoDevTools(window.context(), text)
    expect(imported.map(({ url, method, status }) => ({ url, method, status }))).toEqual(
      archive.log.entries.map(({ request: { url, method }, response: { status } }) => ({
        url,
        method,
        status,
      })),
    )
  })

  test('stays smooth under 2,000 requests a second', { timeout: 90_000 }, async () => {
    const load = startPacedLoad({ port: opened.running.httpPort, host: 'shop.test', perSecond: 2000 })
    const longest = await watchLongestTask(opened.window)
    const busySeconds = await watchBusySeconds(opened.window)
    const startedAt = performance.now()
    await pause(5_000)
    const seconds = (performance.now() - startedAt) / 1000
    const [longestMs, busy] = [await longest(), await busySeconds()]
    await takePicture(opened.window, '31-traffic-under-load')
    const reached = await load.stop()
    console.log(`reached ${reached} requests a second; longest task: ${longestMs} ms, busy ${busy / seconds}`)
    expect(reached).toBeGreaterThan(0)
    expect(longestMs).toBeLessThan(50)
    expect(busy).toBeLessThan(0.3 * seconds)
    await opened.window.getByText(/^\d,\d{3} rows/).waitFor()
  })

  test('is as good in the dark', async () => {
    const { window } = opened
    await window.emulateMedia({ colorScheme: 'dark' })
    await visit('/slow?dark=yes')
    await row('/slow?dark=***').click()
    await details().getByRole('heading', { name: 'TLS with the client' }).waitFor()
    await takePicture(window, '32-traffic-dark')
    await window.emulateMedia({ colorScheme: 'light' })
  })
})

describe('clearing the list', () => {
  test('asks first, and forgets everything that is listed', async () => {
    const { window } = opened
    const ask = async () => {
      await window.getByRole('button', { name: 'More', exact: true }).click()
      await window.getByRole('menuitem', { name: 'Clear traffic…' }).click()
      return window.getByRole('dialog', { name: 'Clear traffic?' })
    }
    const dialog = await ask()
    await takePicture(window, '33-clear-traffic')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await row('/slow?dark=***').waitFor()
    await (await ask()).getByRole('button', { name: 'Clear traffic' }).click()
    await window.getByText('Traffic cleared.').waitFor()
    await row('/slow?dark=***').waitFor({ state: 'hidden' })
  })
})

describe('the access log in the settings', () => {
  const section = () => opened.window.getByRole('region', { name: 'Access log' })
  const keep = () => section().getByRole('switch', { name: /^Keep an access log/ })
  const file = () => join(opened.home.folder, 'logs', 'access.log')
  const log = () => (existsSync(file()) ? readFileSync(file(), 'utf8') : '')

  test('is off at first, and says where the file would be', async () => {
    await opened.window.getByRole('link', { name: 'Settings' }).click()
    await section().getByText(file(), { exact: true }).waitFor()
    expect(await keep().isChecked()).toBe(false)
  })

  test('is turned on, and what comes by then is in that file, masked', async () => {
    const { window } = opened
    await flip(keep())
    await section().getByText('Written while the edge runs').waitFor()
    // Workers get the setting while the first requests run.
    await expect
      .poll(async () => {
        await visit('/logged?token=planted-query')
        return log()
      })
      .toContain('/logged?token=***')
    expect(log()).not.toContain('planted')
    await section().scrollIntoViewIfNeeded()
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme })
      await takePicture(window, `settings-access-log-${colorScheme}`)
    }
    await window.emulateMedia({ colorScheme: 'light' })
  })

  test('follows when it is turned off elsewhere, and leaves the file', async () => {
    await edgekeep(opened.home.folder, ['logs', '--to-file', 'off'])
    await section().getByText('Off. An existing file is kept.').waitFor()
    expect(await keep().isChecked()).toBe(false)
    expect(log()).toContain('/logged')
  })
})

describe('the notices in the settings', () => {
  test('are sent to a webhook whose URL is not shown again, are tried, and end', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Settings' }).click()
    const section = window.getByRole('region', { name: 'Notices', exact: true })
    await section.getByRole('button', { name: 'Add a channel…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Add a channel', exact: true })
    await dialog.getByLabel('Name').fill('team')
    await dialog.getByText('Fill in the fields above.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Add channel' }).isDisabled()).toBe(true)
    await dialog.getByLabel('URL of the webhook').fill(`http://127.0.0.1:${origin.port}/planted-path`)
    await lookOver(window, 'notice-dialog')
    await dialog.getByRole('button', { name: 'Add channel' }).click()
    await section.getByText(`Webhook (JSON) · http://127.0.0.1:${origin.port}`, { exact: true }).waitFor()
    await section.getByRole('button', { name: 'Test' }).click()
    await section.getByText('team took the test notice.').waitFor()
    await lookOver(window, 'notices')
    expect(await window.locator('body').innerText()).not.toContain('planted-path')
    await section.getByRole('button', { name: 'Remove' }).click()
    await window.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await section.getByText('Nothing outside this window gets notices yet.').waitFor()
  })
})
