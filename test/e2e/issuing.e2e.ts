import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawAcme } from '../support/acme/requests.ts'
import { edgekeep } from '../support/processes/cli.ts'
import { freePort } from '../support/free-port.ts'
import { openssl } from '../support/pki/openssl.ts'
import { lookOver } from './pictures.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { flip } from '../support/browser/switches.ts'

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  // The default port may be taken by another program of this computer.
  await edgekeep(opened.home.folder, ['acme', 'serve', '--off', '--port', String(await freePort())])
}, 120_000)
afterAll(() => opened?.close())

describe('the page Issuing', () => {
  test('issues a certificate whose key stays, revokes it, and issues it again', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Issuing', exact: true }).click()
    await window.getByRole('button', { name: 'Issue a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Issue a certificate' })
    await dialog.getByLabel('Names').fill('shop.test, *.shop.test 127.0.0.1')
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    await window.getByText('“shop.test” is in the vault.').waitFor()
    const row = window.getByRole('row', { name: /shop\.test, \*\.shop\.test, 127\.0\.0\.1/ })
    await row.getByRole('button', { name: 'Reissue' }).click()
    await expect.poll(() => row.count()).toBe(2)
    await row.last().getByRole('button', { name: 'Revoke…' }).click()
    await window.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await window.getByRole('cell', { name: 'Revoked' }).waitFor()
  })

  test('says which authority clients need, and saves a client certificate once', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Issue a certificate' }).click()
    const dialog = window.getByRole('dialog', { name: 'Issue a certificate' })
    await dialog.getByRole('combobox', { name: 'For' }).click()
    await window.getByRole('option', { name: 'Clients', exact: true }).click()
    await dialog.getByLabel('Holder').fill('Anna’s phone')
    await dialog.getByLabel('Passphrase of the file').fill('open sesame')
    await dialog.getByLabel('Repeat passphrase').focus()
    await dialog.getByText('Long enough, but easy to guess').waitFor()
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    await dialog.getByText('The passphrases do not match.').waitFor()
    await dialog.getByLabel('Repeat passphrase').fill('open sesame')
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    await dialog.getByText('The local authority vouches for servers only').first().waitFor()
    await edgekeep(opened.home.folder, ['authority', 'allow', '--clients', '--yes'])
    const downloading = window.waitForEvent('download')
    await dialog.getByLabel('Passphrase of the file').fill('open sesame')
    await dialog.getByLabel('Repeat passphrase').fill('open sesame')
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    const saved = await downloading
    expect(saved.suggestedFilename()).toBe('Anna-s-phone.p12')
    const read = ['pkcs12', '-nokeys', '-in', await saved.path(), '-passin', 'pass:open sesame']
    expect(await openssl(read)).toContain('BEGIN CERTIFICATE')
    await dialog.waitFor({ state: 'hidden' })
  })

  test('turns the ACME server on, and rehearses', async () => {
    const { window } = opened
    const section = window.getByRole('region', { name: 'ACME server' })
    await flip(section.getByRole('switch'))
    await section.getByText(/https:\/\/localhost:\d+\/directory/).waitFor()
    await window.getByRole('button', { name: 'Rehearse…' }).click()
    const plan = window.getByRole('dialog', { name: 'Rehearse months of renewals' })
    await plan.getByLabel('Days', { exact: true }).waitFor()
    await lookOver(window, 'issuing-rehearsal-plan')
    await plan.getByLabel('Days', { exact: true }).fill('90')
    await plan.getByRole('button', { name: 'Remove 5' }).click()
    await plan.getByLabel('To day, 1').fill('27')
    await plan.getByRole('button', { name: 'Start' }).click()
    await window
      .getByText(/Day \d+ of 90\./)
      .first()
      .waitFor()
    await lookOver(window, 'issuing-rehearsal')
    await window.getByRole('button', { name: 'Stop' }).click()
    await window.getByRole('button', { name: 'Rehearse…' }).waitFor()
    await flip(section.getByRole('switch', { name: 'Accounts need an external account binding' }))
    await section.getByLabel('New external account').fill('laptop')
    await section.getByRole('button', { name: 'Create', exact: true }).click()
    await section.getByText('MAC key', { exact: true }).waitFor()
    // A MAC key is in no picture.
    await section.getByRole('button', { name: 'Done', exact: true }).click()
    await section.getByText('Not used yet').waitFor()
    await lookOver(window, 'issuing-bindings')
    const port = section.getByRole('textbox', { name: 'Port', exact: true })
    await port.fill('14111')
    await window.getByRole('link', { name: 'Domains', exact: true }).click()
    await window.getByRole('heading', { name: 'Domains', level: 1 }).waitFor()
    await window.getByRole('link', { name: 'Issuing', exact: true }).click()
    await port.waitFor()
    expect(await port.inputValue()).toBe('14111')
    await section.getByRole('button', { name: 'Discard', exact: true }).click()
    await section.getByRole('button', { name: 'Discard', exact: true }).waitFor({ state: 'detached' })
    await flip(section.getByRole('switch', { name: /^On\b/ }))
    await section.getByText('Off', { exact: true }).waitFor()
  })

  test('lists the accounts of ACME clients, ends one and removes it', async () => {
    const { window, home } = opened
    const { folder } = home
    const served = await edgekeep(folder, ['acme', 'serve', '--no-require-binding', '--json'])
    const { directory } = served.json() as unknown as { directory: string }
    const root = join(folder, 'root.crt')
    await edgekeep(folder, ['authority', 'export', '--out', root])
    const client = new RawAcme({ directory, root })
    expect((await client.register({ contact: ['mailto:anna@shop.test'] })).status).toBe(201)
    const row = window
      .getByRole('table', { name: 'Accounts of clients' })
      .getByRole('row', { name: /anna@shop\.test/ })
    await row.getByRole('button', { name: 'End…' }).click()
    await lookOver(window, 'issuing-account-end')
    await window.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
    await row.getByRole('cell', { name: 'Deactivated' }).waitFor()
    expect((await client.order(['shop.test'])).status).toBe(403)
    await row.getByRole('button', { name: 'Remove…' }).click()
    await window.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await window.getByText('No client has created an account yet.').waitFor()
    expect((await client.order(['shop.test'])).text).toContain('accountDoesNotExist')
    await edgekeep(folder, ['acme', 'serve', '--off'])
  })

  test('adds a DNS method with its wait, changes that, and removes it', async () => {
    const { window } = opened
    const section = window.getByRole('region', { name: 'DNS methods' })
    await section.getByRole('button', { name: 'Add a DNS method' }).click()
    const dialog = window.getByRole('dialog', { name: 'Add a DNS method' })
    await dialog.getByLabel('Name', { exact: true }).fill('bind')
    await dialog.getByLabel('Name server', { exact: true }).fill('192.0.2.53:53')
    await dialog.getByLabel('Zone').fill('shop.example')
    await dialog.getByLabel('Name of the TSIG key').fill('acme')
    await dialog.getByLabel('TSIG key (base64)').fill('c2VjcmV0LW9mLXRzaWc=')
    await dialog.getByLabel('Longest wait for the name servers').fill('45')
    await lookOver(window, 'issuing-dns')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await section.getByText('waits 45 seconds at most').waitFor()
    await section.getByRole('button', { name: 'Change timeout…' }).click()
    const wait = window.getByRole('dialog', { name: 'Change how long “bind” waits' })
    await wait.getByLabel('Longest wait for the name servers').fill('0')
    await lookOver(window, 'issuing-dns-wait')
    await wait.getByRole('button', { name: 'Save' }).click()
    await section.getByText('does not wait').waitFor()
    await lookOver(window, 'issuing-dns-methods')
    await section.getByRole('button', { name: 'Remove…' }).click()
    await window.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await section.getByText('None yet.').waitFor()
  })
})
