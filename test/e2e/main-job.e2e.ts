import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../src/engine-process/home.ts'
import { openBrowser, type BrowserRun } from '../support/browser/browser.ts'
import { whyNoBrowserTrust } from '../support/browser/browser-trust.ts'
import { createTestAuthority, issueTestLeaf, type TestLeaf } from '../support/pki/certificates.ts'
import { startEdgekeep, type RunningEdgekeep } from '../support/processes/cli.ts'
import { showDanger, showPart } from '../support/browser/domain-page.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'
import { filesWith, foundInText, needlesOf } from '../support/pki/needles.ts'
import { takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

const authority = createTestAuthority({ commonName: 'Shop test authority' })
const shop = issueTestLeaf(authority, { names: ['shop.test', 'www.shop.test'] })
const stranger = issueTestLeaf(authority, { names: ['shop.test'] })

const originPage = '<!doctype html><title>Shop</title><h1>The shop is open</h1>'

let home: Home
let downloads: string
let origin: TestOrigin
let running: RunningEdgekeep
let browser: BrowserRun
let window: Page
/** Every frame that the engine sent to the window. */
const received: string[] = []
let visitor: BrowserRun

beforeAll(async () => {
  home = openHome(temporaryFolder())
  downloads = temporaryFolder()
  origin = await startOrigin((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(originPage)
  })
  const ports = ['--https-port', String(await freePort()), '--http-port', String(await freePort())]
  running = await startEdgekeep(home.folder, ports)
  browser = await openBrowser()
  window = await browser.context.newPage()
  window.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => received.push(Buffer.from(payload).toString('latin1')))
  })
  await window.goto(running.ui ?? '')
  visitor = await openVisitor()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await visitor?.close()
  await running?.interrupt()
  await origin?.close()
  for (const folder of [home.folder, downloads]) rmSync(folder, { recursive: true, force: true })
})

/** A person's browser, which finds shop.test at the edge and trusts its authority where a test can see to that. */
function openVisitor(): Promise<BrowserRun> {
  const authorityPem = whyNoBrowserTrust() ? undefined : authority.certificatePem
  return openBrowser({ authorityPem, hosts: ['shop.test'] })
}

/**
 * Drags files of the disk onto the element with the accessible name `target`, by the browser's own drag
 * events.
 */
async function drop(target: string, files: string[]): Promise<void> {
  const zone = window.locator('[data-drop-zone]').filter({ has: window.getByLabel(target, { exact: true }) })
  await zone.scrollIntoViewIfNeeded()
  const box = await zone.boundingBox()
  if (!box) throw new Error(`${target} is not on the screen`)
  const session = await window.context().newCDPSession(window)
  const event = {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    data: { items: [], files, dragOperationsMask: 1 },
  }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { ...event, type })
  }
  await session.detach()
}

/** A certificate and a key as files in the person's downloads. */
function pair(certificate: TestLeaf, key: TestLeaf): string[] {
  const folder = mkdtempSync(path.join(downloads, 'pair-'))
  const [certificateFile, keyFile] = [path.join(folder, 'shop.test.crt'), path.join(folder, 'shop.test.key')]
  writeFileSync(certificateFile, certificate.chainPem)
  writeFileSync(keyFile, key.keyPem)
  return [keyFile, certificateFile]
}

async function visit(url: string) {
  const page = await visitor.context.newPage()
  try {
    const response = await page.goto(url)
    return {
      url: page.url(),
      heading: await page.locator('h1').textContent(),
      security: await response?.securityDetails(),
    }
  } finally {
    await page.close()
  }
}

describe('a person serves a domain over HTTPS', () => {
  test('the first window says what to do, and a domain is added', async () => {
    await window.getByRole('heading', { name: 'No domain yet' }).waitFor()
    await window.getByRole('main').locator('header').getByRole('button', { name: 'Projects' }).waitFor()
    await takePicture(window, '01-empty')
    await window.getByRole('button', { name: 'Add domain' }).first().click()
    const dialog = window.getByRole('dialog', { name: 'Add a domain' })
    await dialog.getByLabel('Domain').fill('shop.test')
    await dialog.getByLabel('Origin').fill(`http://127.0.0.1:${origin.port}`)
    await dialog.getByRole('button', { name: 'Add domain' }).click()
    await window.getByRole('heading', { name: 'shop.test' }).waitFor()
    expect((await visit(`http://shop.test:${running.httpPort}/`)).heading).toBe('The shop is open')
  })

  test('a key that does not belong is refused with its reason and nothing is stored', async () => {
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: /Upload/ }).click()
    await drop('Certificate and key files', pair(shop, stranger))
    await dialog.getByText('The key belongs to another certificate').first().waitFor()
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await takePicture(window, '02-wrong-key')
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    const connection = await connectEngine(home)
    expect(await connection?.client.certificates.list()).toEqual([])
    await connection?.close()
  })

  test('certificate and key are dropped, seen to match, and saved', async () => {
    await window.getByRole('button', { name: 'Turn on HTTPS' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByRole('radio', { name: /Upload/ }).click()
    await drop('Certificate and key files', pair(shop, shop))
    await dialog.getByText('The key belongs to the certificate').first().waitFor()
    await takePicture(window, '03-upload')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await window.getByText('In the vault, sealed, and it matches the certificate').waitFor()
    await takePicture(window, '04-on-https')
  })

  test('a browser that trusts the authority loads the page over HTTPS with a valid padlock', async (context) => {
    const reason = whyNoBrowserTrust()
    if (reason) context.skip(reason)
    const { heading, security } = await visit(`https://shop.test:${running.httpsPort}/`)
    expect(heading).toBe('The shop is open')
    expect(security).toMatchObject({
      issuer: 'Shop test authority',
      protocol: 'TLS 1.3',
      subjectName: 'shop.test',
    })
  })

  test('HTTP is redirected to HTTPS', async (context) => {
    await showPart(window, 'Redirect and HSTS')
    await window.getByRole('radio', { name: 'HTTP → HTTPS' }).click()
    await window.getByRole('button', { name: 'Save redirect' }).click()
    await window.getByText('Redirect saved.').waitFor()
    const reason = whyNoBrowserTrust()
    if (reason) context.skip(reason)
    const { url, heading } = await visit(`http://shop.test:${running.httpPort}/cart?item=1`)
    expect(url).toBe(`https://shop.test:${running.httpsPort}/cart?item=1`)
    expect(heading).toBe('The shop is open')
  })

  test('verifying makes real requests and says what a browser would see', async () => {
    await window.getByRole('button', { name: 'Verify', exact: true }).click()
    await window.getByText('Checks', { exact: true }).waitFor()
    await takePicture(window, '05-verified')
  })

  test('the list shows the domain on HTTPS, in dark too', async () => {
    await window.getByRole('link', { name: 'Domains' }).first().click()
    await window.getByRole('table', { name: 'Domains' }).waitFor()
    await takePicture(window, '06-domains')
    await window.emulateMedia({ colorScheme: 'dark' })
    await takePicture(window, '07-domains-dark')
    await window.emulateMedia({ colorScheme: 'light' })
  })

  test('no page of the window shows the key, and no frame of the engine carried it', async () => {
    const needles = needlesOf(shop.keyPem)
    for (const page of ['Certificates', 'Inspector', 'Activity', 'Settings', 'Domains']) {
      await window.getByRole('link', { name: page, exact: true }).first().click()
      await window.getByRole('heading', { name: page, exact: true }).first().waitFor()
      expect(foundInText(await window.content(), needles), page).toEqual([])
    }
    expect(received.join('\n')).toContain(shop.fingerprintSha256)
    expect(foundInText(received.join('\n'), needles)).toEqual([])
  })

  test('neither the window nor any file holds the key', async () => {
    const needles = needlesOf(shop.keyPem)
    const visible = await window.evaluate(() => {
      const fields = [...document.querySelectorAll('input, textarea')].map(
        (field) => (field as HTMLInputElement).value,
      )
      return [
        document.documentElement.outerHTML,
        ...fields,
        ...Object.values<string>(localStorage),
        ...Object.values<string>(sessionStorage),
      ].join('\n')
    })
    expect(foundInText(visible, needles)).toEqual([])
    expect(await heapHolds(needles.texts)).toEqual([])
    expect(filesWith(home.folder, needles)).toEqual([])
  })

  test('turning HTTPS off lists what it erases, and erases it', async () => {
    await window.getByRole('link', { name: 'shop.test' }).click()
    await showDanger(window)
    await window.getByRole('button', { name: 'Turn off HTTPS…' }).click()
    const dialog = window.getByRole('dialog', { name: 'HTTPS settings for shop.test' })
    await dialog.getByText('Erased from the vault').waitFor()
    await takePicture(window, '08-turn-off')
    await dialog.getByRole('button', { name: 'Turn off and erase' }).click()
    await window.getByRole('button', { name: 'Turn on HTTPS' }).waitFor()
    const connection = await connectEngine(home)
    expect(await connection?.client.certificates.list()).toEqual([])
    await connection?.close()
    // An open connection gets an error for the removed site; a new one is refused in its handshake.
    await visitor.close()
    visitor = await openVisitor()
    await expect(visit(`https://shop.test:${running.httpsPort}/`)).rejects.toThrow(
      'ERR_SSL_UNRECOGNIZED_NAME_ALERT',
    )
  })
})

/** Returns the texts found in the window's JavaScript heap after a garbage collection. */
async function heapHolds(texts: string[]): Promise<string[]> {
  const session = await window.context().newCDPSession(window)
  const chunks: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk))
  await session.send('HeapProfiler.enable')
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot')
  await session.detach()
  const heap = chunks.join('').replaceAll('\\n', '')
  return texts.filter((text) => heap.includes(text))
}
