import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../src/client/client.ts'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { unless } from '../support/needs.ts'
import {
  type DeviceNetwork,
  openDeviceNetwork,
  whyNoDeviceNetwork,
} from '../support/processes/device-network.ts'
import { lookOver } from './pictures.ts'

/*
 * The computer and the phone are network namespaces with a cable between them: everything from the phone comes over
 * a network, from another address.
 */

const resolver = join(import.meta.dirname, '../support/edge/one-shot-resolver-process.ts')

let network: DeviceNetwork
let opened: OpenedWindow
let connection: NonNullable<Awaited<ReturnType<typeof connectEngine>>>
let client: Client
let rootPem: string

describe('other devices', unless(whyNoDeviceNetwork()), () => {
  beforeAll(async () => {
    network = await openDeviceNetwork()
    opened = await openWindow({}, network.computer)
    const connected = await connectEngine(opened.home)
    if (!connected) throw new Error('No engine runs.')
    connection = connected
    client = connection.client
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'index.html'), '<h1>The shop</h1>')
    for (const name of ['shop.local', 'bank.local']) {
      await client.domains.add({ name, origin: { protocol: 'folder', folder, dotFiles: false } })
      await client.https.enable({ domain: name, source: { type: 'free' } })
    }
    rootPem = (await client.authority.get())!.root.pem
    writeFileSync(join(opened.home.folder, 'root.pem'), rootPem)
  }, 120_000)
  afterAll(async () => {
    await connection?.close()
    await opened?.close()
    await network?.close()
  })

  /** Addresses that the phone finds by mDNS over IPv4 and IPv6, as Android asks; empty: none. */
  function found(name: string): string[] {
    const words = [process.execPath, resolver, name, network.phoneAddress, 'wlan']
    return JSON.parse(network.run(network.phone, ...words)) as string[]
  }

  /** Page that the phone gets, or the reason why not. */
  function fetched(name: string, address: string): string {
    const where = `${name}:${opened.running.httpsPort}`
    const words = [
      '-sS',
      '--cacert',
      join(opened.home.folder, 'root.pem'),
      '--resolve',
      `${where}:${address}`,
    ]
    try {
      return network.run(network.phone, 'curl', ...words, '--max-time', '5', `https://${where}/`)
    } catch (error) {
      return String((error as { stderr: string }).stderr)
    }
  }

  test('get the root from a page, and what each was seen to do is shown', async () => {
    const { window } = opened
    await window.goto(new URL('#/trust/devices', window.url()).href)
    await window.getByRole('button', { name: 'Let a device trust the authority…', disabled: false }).click()
    const dialog = window.getByRole('dialog', { name: 'Let a device trust the local authority' })
    await dialog.getByRole('img', { name: 'QR code of the page for the device' }).waitFor({ timeout: 30_000 })
    await dialog.getByText('The page works for 10 more minutes').waitFor()
    await lookOver(window, 'device-page')
    const address = await dialog.getByText(/^http:\/\/[\d.]+:\d+\//).innerText()
    for (const [authorityPem, verdict] of [
      [undefined, 'This browser does not trust Edgekeep yet'],
      [rootPem, 'This browser trusts Edgekeep'],
    ]) {
      const device = await openBrowser({ entrance: network.phone, ...(authorityPem && { authorityPem }) })
      try {
        const page = await device.context.newPage()
        await page.goto(address)
        await page.getByRole('button', { name: 'Check this browser' }).click()
        await page.getByText(verdict!).waitFor({ timeout: 30_000 })
        await dialog.getByText(verdict!).waitFor({ timeout: 30_000 })
        await lookOver(window, authorityPem ? 'device-page-trusted' : 'device-page-refused')
      } finally {
        await device.close()
      }
    }
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    const status = () => network.run(network.phone, 'sh', '-c', `curl -s ${address} || echo gone`).trim()
    await expect.poll(status, { timeout: 30_000 }).toBe('gone')
  }, 120_000)

  test('find and open a chosen domain alone, while the computer is in that network', async () => {
    const { window } = opened
    await window.getByRole('button', { name: 'Let devices reach a domain…', disabled: false }).click()
    const dialog = window.getByRole('dialog', { name: 'Let other devices reach a domain' })
    await dialog.getByRole('combobox', { name: 'Domain' }).fill('shop.l')
    await window.getByRole('option', { name: 'shop.local' }).click()
    await lookOver(window, 'network-dialog')
    await dialog.getByRole('button', { name: 'Let devices reach it' }).click()
    await window.getByText('1 open to network').waitFor({ timeout: 30_000 })
    const section = window.getByRole('region', { name: 'Other devices' })
    await section.getByText('https://shop.local').waitFor()
    await section.scrollIntoViewIfNeeded()
    await lookOver(window, 'network')

    const { computerAddress } = network
    await expect
      .poll(() => found('shop.local'), { timeout: 30_000 })
      .toEqual([computerAddress, computerAddress])
    expect(found('bank.local')).toEqual(['', ''])
    expect(fetched('shop.local', computerAddress)).toContain('The shop')
    expect(fetched('bank.local', computerAddress)).toMatch(/unrecognized name/)
    await seenInBrowser(computerAddress)

    network.run(network.computer, 'ip', 'address', 'del', `${computerAddress}/24`, 'dev', 'lan')
    await window.getByText('1 not open to network').waitFor({ timeout: 30_000 })
    await section.getByText('this computer is not in that network now').waitFor()
    await lookOver(window, 'network-left')
    network.connect('10.83.0.6')
    await window.getByText('1 open to network').waitFor({ timeout: 30_000 })
    await expect.poll(() => found('shop.local'), { timeout: 30_000 }).toEqual(['10.83.0.6', '10.83.0.6'])
    expect(fetched('shop.local', '10.83.0.6')).toContain('The shop')

    await section.getByRole('button', { name: 'Turn off' }).click()
    await section.getByText('Other devices reach no domain.').waitFor({ timeout: 30_000 })
    expect(fetched('shop.local', '10.83.0.6')).toMatch(/refused|connect/i)
  }, 120_000)

  /** The phone's browser shows the page with a padlock at the address that its resolver found. */
  async function seenInBrowser(address: string): Promise<void> {
    const switches = [`--host-resolver-rules=MAP shop.local ${address}`]
    const device = await openBrowser({ entrance: network.phone, authorityPem: rootPem, switches })
    try {
      const page = await device.context.newPage()
      await page.goto(`https://shop.local:${opened.running.httpsPort}/`)
      await page.getByRole('heading', { name: 'The shop' }).waitFor()
    } finally {
      await device.close()
    }
  }
})
