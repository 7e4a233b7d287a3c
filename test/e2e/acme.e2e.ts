import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { whyNoPebble, startPebble, type Pebble } from '../support/acme/pebble.ts'
import { lookOver } from './pictures.ts'
import { unless } from '../support/needs.ts'

/** Id of the certificate that the domain serves. */
async function servedOf(folder: string): Promise<string | undefined> {
  const { out } = await edgekeep(folder, ['domain', 'list', '--json'])
  const { domains } = JSON.parse(out) as {
    domains: { https: { certificate: { id: string } | null } }[]
  }
  return domains[0]?.https.certificate?.id
}

describe('a certificate of an authority that speaks ACME', unless(whyNoPebble()), () => {
  let opened: OpenedWindow
  let pebble: Pebble
  beforeAll(async () => {
    opened = await openWindow()
    const { httpPort, httpsPort } = opened.running
    const started = await startPebble({ httpPort, tlsPort: httpsPort, sleepSeconds: 2 })
    if (!started) throw new Error('There is no Pebble')
    pebble = started
    const { folder } = opened.home
    const roots = join(folder, 'pebble.pem')
    writeFileSync(roots, pebble.rootPem)
    await edgekeep(folder, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9'])
    const added = await edgekeep(folder, [
      ...['acme', 'account', 'add', 'Pebble', '--directory', pebble.directoryUrl],
      ...['--roots', roots, '--agree'],
    ])
    expect(added.status).toBe(0)
  }, 120_000)
  afterAll(async () => {
    await opened?.close()
    await pebble?.close()
  })

  test('is ordered in the window, which shows what the order is at', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'shop.test' }).click()
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: 'Free' }).click()
    await dialog.getByLabel('Issued by').first().click()
    await window.getByRole('option', { name: 'Another authority…' }).click()
    await dialog.getByRole('button', { name: 'Read its directory' }).waitFor()
    await lookOver(window, 'acme-account')
    await dialog.getByLabel('Issued by').first().click()
    await window.getByRole('option', { name: 'Pebble', exact: true }).click()
    await dialog.getByText('How the authority validates the domain').waitFor()
    await lookOver(window, 'acme-settings')
    await dialog.getByRole('button', { name: 'Order certificate' }).click()
    await dialog.getByText('The authority validates shop.test…').waitFor()
    await dialog.waitFor({ state: 'hidden' })
    await window.getByText(/^Automatically, on .*, from Pebble/).waitFor()
    await lookOver(window, 'acme-ordered')
  })

  test('is revoked after the reason was chosen and it was asked, and renewed right after', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Certificates', exact: true }).click()
    await window.getByRole('link', { name: 'shop.test' }).first().click()
    await window.getByRole('button', { name: 'Revoke…' }).click()
    const dialog = window.getByRole('dialog', { name: 'Revoke “shop.test”?' })
    await dialog.getByLabel('Reason').first().click()
    await window.getByRole('option', { name: 'Key compromised' }).click()
    await dialog.getByText('The authority also refuses this key').waitFor()
    await lookOver(window, 'acme-revoke')
    const before = await servedOf(opened.home.folder)
    expect(before).toBeDefined()
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => servedOf(opened.home.folder), { timeout: 60_000 }).not.toBe(before)
    await window.keyboard.press('Escape')
    await window.getByRole('dialog').waitFor({ state: 'hidden' })
    await window.getByRole('link', { name: 'Domains', exact: true }).click()
    await window.getByRole('link', { name: 'shop.test' }).click()
  })

  test('shows on the page and in the rail why it was not renewed when its authority is gone', async () => {
    const { window } = opened
    await pebble.close()
    const ran = await edgekeep(opened.home.folder, ['renew', (await servedOf(opened.home.folder)) ?? ''])
    expect(ran.status).toBe(1)
    expect((await edgekeep(opened.home.folder, ['expiring'])).status).toBe(1)
    await window.getByText('The last renewal failed').waitFor()
    await window.getByRole('link', { name: 'Certificates: 1 certificate could not be renewed' }).waitFor()
    await lookOver(window, 'acme-failed')
  })
})
