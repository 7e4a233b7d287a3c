import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ical from 'ical.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestAuthority, issueTestLeaf } from '../support/pki/certificates.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { freePort } from '../support/free-port.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { flip } from '../support/browser/switches.ts'
import { lookOver } from './pictures.ts'

const tsigKey = 'c2VjcmV0IG9mIHRoZSBuYW1lIHNlcnZlciBoZXJl'

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  const { folder } = opened.home
  const bank = issueTestLeaf(createTestAuthority(), { names: ['bank.test'] })
  const files = [path.join(folder, 'bank.crt'), path.join(folder, 'bank.key')] as const
  writeFileSync(files[0], bank.chainPem)
  writeFileSync(files[1], bank.keyPem)
  for (const name of ['shop.test', 'bank.test'])
    await run('domain', 'add', name, '--origin', 'http://127.0.0.1:9')
  await run('https', 'on', 'shop.test', '--free')
  await run('https', 'on', 'bank.test', '--upload', ...files, '--name', 'Bank')
}, 120_000)
afterAll(() => opened?.close())

const run = (...args: string[]) => edgekeep(opened.home.folder, args)
const go = (page: string) =>
  opened.window.evaluate((to) => {
    location.hash = `#${to}`
  }, page)

describe('the renewal of a certificate', () => {
  test('is a reminder from a day that is typed, in the drawer and on the command line', async () => {
    const { window } = opened
    await go('/certificates')
    await window
      .getByRole('link', { name: 'Bank' })
      .or(window.getByText('Bank', { exact: true }))
      .first()
      .click()
    const block = window.getByRole('region', { name: 'Renewal', exact: true })
    await block.getByText('Not renewed automatically.', { exact: false }).waitFor()
    await block.getByRole('button', { name: 'Change renewal' }).click()
    await block.getByLabel('Renewal method').click()
    await window.getByRole('option', { name: 'ACME account' }).click()
    await block.getByText('There is no ACME account yet.').waitFor()
    await block.getByLabel('Renewal method').click()
    await window.getByRole('option', { name: 'Reminder only' }).click()
    await block.getByLabel('Days before expiry').fill('21')
    await lookOver(window, 'renewal-form')
    await block.getByRole('button', { name: 'Save' }).click()
    await block.getByText(/Reminder on/).waitFor()
    expect((await run('cert', 'renewal', 'Bank')).out).toMatch(/a reminder on/)
  })

  test('is in the calendar, which can be saved for other calendars', async () => {
    const { window } = opened
    await go('/certificates')
    await window.getByRole('button', { name: 'Calendar', exact: true }).click()
    await window.getByRole('heading', { name: 'Renewal calendar' }).waitFor()
    await window.getByText('36 months').click()
    await window.getByText('New public certificates are valid for at most 47 days').waitFor()
    await window.getByText('renews automatically, for 397 days').waitFor()
    await window.getByText('reminder to replace it').waitFor()
    await lookOver(window, 'calendar')
    const downloading = window.waitForEvent('download')
    await window.getByRole('button', { name: 'Save as .ics' }).click()
    const file = await (await downloading).path()
    const events = new ical.Component(ical.parse(readFileSync(file, 'utf8'))).getAllSubcomponents('vevent')
    expect(events.map((each) => new ical.Event(each).summary)).toContain('shop.test: renews automatically')
    await window.getByRole('link', { name: 'Certificates' }).last().click()
    await window.getByRole('heading', { name: 'Certificates', exact: true }).waitFor()
  })
})

describe('the page Issuing', () => {
  test('shows what another program does, without being asked', async () => {
    const { window } = opened
    await go('/issuing')
    await window.getByRole('region', { name: 'Issued' }).waitFor()
    await run('cert', 'issue', 'elsewhere.test')
    await window.getByRole('cell', { name: 'elsewhere.test' }).waitFor()
  })

  test('takes a DNS method whose secret is nowhere to be seen again', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Add a DNS method' }).click()
    const dialog = window.getByRole('dialog', { name: 'Add a DNS method' })
    await dialog.getByLabel('Name', { exact: true }).fill('bind')
    await dialog.getByLabel('Name server', { exact: true }).fill('127.0.0.1:5353')
    await dialog.getByLabel('Zone').fill('shop.test')
    await dialog.getByLabel('Name of the TSIG key').fill('acme')
    await dialog.getByLabel('TSIG key (base64)').fill(tsigKey)
    await lookOver(window, 'dns-method')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    const section = window.getByRole('region', { name: 'DNS methods' })
    await section.getByText('127.0.0.1:5353, shop.test').waitFor()
    expect(await window.content()).not.toContain(tsigKey)
    expect((await run('acme', 'dns', 'list')).out).toContain('bind')
    expect((await run('acme', 'dns', 'list', '--json')).out).not.toContain(tsigKey)
    await section.getByRole('button', { name: 'Remove…' }).click()
    await window.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await section.getByText('None yet.').waitFor()
  })

  test('sets the ports of the ACME server, and makes an external account', async () => {
    const { window } = opened
    const port = await freePort()
    await run('acme', 'serve', '--port', String(port))
    const section = window.getByRole('region', { name: 'ACME server' })
    await section.getByText(`https://localhost:${port}/directory`).waitFor()
    await section.getByLabel('HTTP challenges').fill('5080')
    await section.getByLabel('DNS challenges').fill('5353')
    await section.getByRole('button', { name: 'Save ports' }).click()
    await section.getByRole('button', { name: 'Save ports' }).waitFor({ state: 'detached' })
    await flip(section.getByRole('switch', { name: 'Accounts need an external account binding' }))
    await section.getByRole('textbox', { name: 'New external account' }).fill('certbot')
    await section.getByRole('button', { name: 'Create' }).click()
    await section.getByText(/The MAC key is shown once/).waitFor()
    await lookOver(window, 'issuing')
    await section.getByRole('button', { name: 'Done' }).click()
    const { settings } = (await run('acme', 'serve', '--json')).json() as unknown as {
      settings: { httpPort: number; dnsPort: number; requireBinding: boolean }
    }
    expect(settings).toMatchObject({ httpPort: 5080, dnsPort: 5353, requireBinding: true })
    await run('acme', 'serve', '--off')
  })
})
