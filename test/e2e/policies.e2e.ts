import type { IncomingMessage } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { flip } from '../support/browser/switches.ts'
import { takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

const shopPage = `<!doctype html><title>Shop</title><h1>The shop is open</h1>
<img src="http://cdn.test/logo.png"><script src="http://cdn.test/old.js"></script>`

let origin: TestOrigin
let opened: OpenedWindow
let visitor: BrowserRun | undefined
let visit: Page | undefined
let seen: IncomingMessage | undefined
const run = (...args: string[]) => edgekeep(opened.home.folder, args)

beforeAll(async () => {
  origin = await startOrigin((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(404).end()
    seen = request
    response.setHeader('content-type', 'text/html')
    response.setHeader('set-cookie', 'basket=1')
    response.end(shopPage)
  })
  opened = await openWindow()
  const address = `http://127.0.0.1:${origin.port}`
  for (const name of ['shop.test', 'blog.test', 'news.test'])
    await run('domain', 'add', name, '--origin', address)
  await run('https', 'on', 'shop.test', '--free')
  if (whyNoBrowserTrust()) return
  visitor = await openBrowser({ authorityPem: await authorityPem(), hosts: ['shop.test'] })
  visit = await visitor.context.newPage()
}, 120_000)
afterAll(async () => {
  await visitor?.close()
  await opened?.close()
  await origin.close()
})

async function authorityPem(): Promise<string> {
  const connection = await connectEngine(opened.home)
  const authority = await connection?.client.authority.get()
  await connection?.close()
  return authority?.root.pem ?? ''
}

const section = (name: string) => opened.window.getByRole('region', { name, exact: true })

/** Every change has a notice of its own, which is taken away here so that the next one is not taken for it. */
async function inEffect(): Promise<void> {
  const notice = opened.window.getByRole('alert').filter({ hasText: 'Policy saved.' })
  await notice.waitFor()
  // The notice may also close by itself now.
  await notice.getByRole('button').evaluateAll((buttons) => {
    for (const button of buttons) (button as HTMLElement).click()
  })
  await notice.waitFor({ state: 'detached' })
}

const https = (path = '/') => `https://shop.test:${opened.running.httpsPort}${path}`
const http = (path = '/') => `http://shop.test:${opened.running.httpPort}${path}`

async function go(name: string, part: string): Promise<void> {
  await opened.window.getByRole('link', { name: 'Domains', exact: true }).first().click()
  await opened.window.getByRole('link', { name, exact: true }).click()
  await showPart(opened.window, part)
}

describe('HSTS', () => {
  test('is turned on with its warnings in view', async () => {
    await go('shop.test', 'Redirect and HSTS')
    const hsts = section('HSTS')
    await flip(hsts.getByRole('switch', { name: /^Require HTTPS in browsers/ }))
    await hsts.getByText('Browsers remember this').waitFor()
    await hsts.getByText('It applies to every port').waitFor()
    await hsts.getByRole('checkbox', { name: 'Request preloading (preload)' }).click()
    await hsts.getByText(/^Preloading needs 365 days or more/).waitFor()
    expect(await hsts.getByRole('button', { name: 'Save HSTS' }).isDisabled()).toBe(true)
    await hsts.getByRole('checkbox', { name: 'Request preloading (preload)' }).click()
    await hsts.scrollIntoViewIfNeeded()
    await takePicture(opened.window, '20-hsts')
    await hsts.getByRole('button', { name: 'Save HSTS' }).click()
    await inEffect()
  })

  test('is remembered by a browser, which uses no HTTP on any port of the name until max-age=0', async (context) => {
    const reason = whyNoBrowserTrust()
    if (reason || !visit) return context.skip(reason ?? 'no browser')
    await visit.goto(http())
    await visit.goto(https())
    await expect(visit.goto(http())).rejects.toThrow(/ERR_SSL|ERR_CONNECTION/)
    await section('HSTS').getByRole('button', { name: 'Tell browsers to forget it' }).click()
    await inEffect()
    await visit.goto(https())
    expect((await visit.goto(http()))?.status()).toBe(200)
  })
})

test('the paths that a redirect excludes are offered and kept', async () => {
  await go('shop.test', 'Redirect and HSTS')
  const redirect = section('Redirect')
  await redirect.getByRole('radio', { name: /^HTTP → HTTPS/ }).click()
  await redirect.getByRole('button', { name: /^Exclude certificate challenges/ }).click()
  await redirect.getByRole('button', { name: 'Save redirect' }).click()
  await expect
    .poll(async () => (await run('redirect', 'shop.test', 'https', '--code', '302')).out)
    .toContain('except /.well-known/acme-challenge/*')
})

test('header rules are edited as rows, and invalid ones are reported at once', async () => {
  await go('shop.test', 'Headers')
  const headers = section('Header rules')
  await headers.getByRole('button', { name: 'Add rule' }).click()
  const name = headers.getByRole('textbox', { name: 'Field of rule 1' })
  await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true)
  await name.fill('Content-Length')
  await headers.getByText(/it says where a message ends/).waitFor()
  expect(await headers.getByRole('button', { name: 'Save header rules' }).isDisabled()).toBe(true)
  await name.fill('X-Env')
  await headers.getByRole('textbox', { name: 'Value of rule 1' }).fill('local')
  await headers.getByRole('button', { name: 'Save header rules' }).click()
  await inEffect()
  await headers.scrollIntoViewIfNeeded()
  await takePicture(opened.window, '21-header-rules')
  if (!visit) return
  const response = await visit.goto(https())
  expect(await response?.headerValue('x-env')).toBe('local')
})

test('a password is asked for by a browser, and the origin does not hear of it', async () => {
  await go('shop.test', 'Access')
  const access = section('Access')
  await flip(access.getByRole('switch', { name: /^Require a password/ }))
  await access.getByText('There are no users yet, so nobody can sign in.').waitFor()
  await access.getByRole('textbox', { name: 'User name' }).fill('anna')
  await access.locator('input[type=password]').fill('anna knows this')
  await access.getByRole('button', { name: 'Add user' }).click()
  await access.scrollIntoViewIfNeeded()
  await takePicture(opened.window, '22-access')
  await access.getByRole('button', { name: 'Save access' }).click()
  await inEffect()
  await access.getByText('has a password').waitFor()
  expect(await opened.window.content()).not.toContain('anna knows this')
  if (!visit) return
  await expect(visit.goto(https())).rejects.toThrow('ERR_INVALID_AUTH_CREDENTIALS')
  await visit.setExtraHTTPHeaders({
    authorization: `Basic ${Buffer.from('anna:anna knows this').toString('base64')}`,
  })
  expect((await visit.goto(https()))?.status()).toBe(200)
  expect(seen?.headers.authorization).toBeUndefined()
})

test('findings show up while the site is used, with what to do', async (context) => {
  await go('shop.test', 'Findings')
  const findings = section('Findings')
  await flip(findings.getByRole('switch', { name: /^Watch responses/ }))
  await inEffect()
  if (!visit) return context.skip('no browser')
  await visit.goto(https('/cart'))
  await findings.getByText('Loaded over HTTP, so browsers block it').waitFor()
  await findings.getByText('http://cdn.test/old.js').waitFor()
  await findings.getByText('A cookie is set over HTTPS without Secure').waitFor()
  await findings.scrollIntoViewIfNeeded()
  await takePicture(opened.window, '23-findings')
  const add = findings.getByRole('button', { name: 'Add Content-Security-Policy at the edge' })
  await add.click()
  await inEffect()
  // The rule cures the finding.
  await add.waitFor({ state: 'hidden' })
  const answer = await visit.goto(https('/cart'))
  expect(await answer?.headerValue('content-security-policy')).toBe('upgrade-insecure-requests')
  await run('headers', 'remove', 'shop.test', '1')
  const clear = findings.getByRole('button', { name: 'Clear findings…' })
  const dialog = opened.window.getByRole('dialog', { name: 'Clear the findings of shop.test?' })
  await clear.click()
  await dialog.getByText(/findings? (is|are) erased/).waitFor()
  await takePicture(opened.window, '50-clear-findings')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await findings.getByText('A cookie is set over HTTPS without Secure').waitFor()
  const clearAll = async () => {
    await clear.click()
    await dialog.getByRole('button', { name: 'Clear findings' }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
  // The edge reports twice a second: findings of the last visit may arrive after the clearing.
  await expect
    .poll(async () => {
      if (await clear.isVisible()) await clearAll()
      return findings.getByText(/^No findings yet/).isVisible()
    })
    .toBe(true)
})

describe('many domains at once', () => {
  test('are given one policy', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Domains', exact: true }).first().click()
    for (const name of ['blog.test', 'news.test'])
      await window.getByRole('checkbox', { name: `Select ${name}` }).click()
    await window.getByText('2 domains selected').waitFor()
    await window.getByRole('button', { name: 'Set policy…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Set a policy for 2 domains' })
    await dialog.getByLabel('Policy', { exact: true }).click()
    await window.getByRole('option', { name: 'Request size' }).click()
    await flip(dialog.getByRole('switch', { name: /^Limit the request body/ }))
    await dialog.getByRole('button', { name: 'Set for 2 domains' }).click()
    await dialog.waitFor({ state: 'hidden' })
    for (const name of ['blog.test', 'news.test'])
      expect((await run('policy', 'show', name)).out).toContain('maxBytes: 10000000')
  })

  test('are given what another one has, after what changes is shown', async () => {
    const { window } = opened
    await window.getByRole('checkbox', { name: 'Select news.test' }).click()
    await window.getByRole('button', { name: 'Copy policies from…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Copy policies to 1 domain' })
    await dialog.getByLabel('From', { exact: true }).click()
    await window.getByRole('option', { name: 'shop.test' }).click()
    await dialog.getByRole('row', { name: /news\.test Maximum request size 10 MB any size/ }).waitFor()
    await dialog.getByText('Passwords are copied too, without being shown.').waitFor()
    await takePicture(window, '24-copy-policies')
    await dialog.getByRole('button', { name: 'Copy policies' }).click()
    await dialog.waitFor({ state: 'hidden' })
    expect((await run('access', 'news.test')).out).toContain('users: anna')
  })
})
