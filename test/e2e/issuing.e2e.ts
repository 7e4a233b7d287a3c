import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/cli.ts'
import { freePort } from '../support/free-port.ts'
import { openWindow, type OpenedWindow } from '../support/open-window.ts'
import { flip } from '../support/switches.ts'

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  // Else it is on one that another program of this computer may have.
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
    await dialog.getByRole('button', { name: 'Issue', exact: true }).click()
    await dialog.getByText('The local authority vouches for servers only').first().waitFor()
    await window.keyboard.press('Escape')
  })

  test('turns the ACME server on, and rehearses', async () => {
    const { window } = opened
    const section = window.getByRole('region', { name: 'ACME server' })
    await flip(section.getByRole('switch'))
    await section.getByText(/https:\/\/localhost:\d+\/directory/).waitFor()
    await window.getByRole('button', { name: 'Rehearse 120 days' }).click()
    await window
      .getByText(/Day \d+ of 120\./)
      .first()
      .waitFor()
    for (const scheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme: scheme })
      const picture = process.env['EDGEKEEP_LOOK']
      if (picture) await window.screenshot({ path: `${picture}-${scheme}.png`, fullPage: true })
    }
    await window.getByRole('button', { name: 'Stop' }).click()
    await flip(section.getByRole('switch', { name: 'On this computer only' }))
    await section.getByText('Off', { exact: true }).waitFor()
  })
})
