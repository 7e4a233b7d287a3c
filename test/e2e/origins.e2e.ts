import axe from 'axe-core'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { freePort } from '../support/free-port.ts'
import { showPart } from '../support/browser/domain-page.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { flip } from '../support/browser/switches.ts'
import { takePicture } from './pictures.ts'
import { startOrigin, type TestOrigin } from '../support/edge/origin.ts'

let opened: OpenedWindow
let backup: TestOrigin
let site: string
beforeAll(async () => {
  site = temporaryFolder()
  mkdirSync(join(site, 'dist'))
  writeFileSync(join(site, 'dist/index.html'), 'a page of the folder')
  backup = await startOrigin((_request, response) => response.end('from the backup'))
  opened = await openWindow()
  const origin = `http://127.0.0.1:${await freePort()}`
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', origin])
  await opened.window.getByRole('link', { name: 'shop.test', exact: true }).click()
  await showPart(opened.window, 'Origins')
}, 120_000)
afterAll(async () => {
  await opened?.close()
  await backup?.close()
  rmSync(site, { recursive: true })
})

const section = (name: string) => opened.window.getByRole('region', { name, exact: true })
const says = (words: string | RegExp) => opened.window.getByText(words).first().waitFor()
async function ask(path = '/'): Promise<string> {
  const { httpPort: port } = opened.running
  const request = get({ host: '127.0.0.1', port, path, headers: { host: 'shop.test' }, agent: false })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let body = ''
  for await (const piece of response) body += String(piece)
  return body
}

describe('the origins of a domain in the window', () => {
  test('a backup is added, takes over, and the page says why', async () => {
    const more = section('Backup origins')
    await more.getByLabel('Add a backup').fill('not an address at all')
    await more.getByRole('button', { name: 'Add', exact: true }).click()
    await says(/is not an origin: it names no host/)
    await more.getByLabel('Add a backup').fill(`http://127.0.0.1:${backup.port}`)
    await more.getByRole('button', { name: 'Add', exact: true }).click()
    await more.getByText('Backup 1').waitFor()
    for (let turn = 0; turn < 3; turn += 1) expect(await ask()).toContain('from the backup')
    await more.getByText(/Skipped: It refuses connections/).waitFor()
    await more.scrollIntoViewIfNeeded()
    await takePicture(opened.window, 'origins-backup')
  })

  test('a health check of the origins is set', async () => {
    const more = section('Backup origins')
    await flip(more.getByRole('switch', { name: 'Health check' }))
    await more.getByLabel('Health check path').fill('/healthz')
    await more.getByRole('button', { name: 'Save health check' }).click()
    await says('Health check saved.')
  })

  test('a path goes to a folder', async () => {
    const paths = section('Paths')
    await paths.getByLabel('Path', { exact: true }).fill('/docs')
    await paths.getByLabel('Origin').fill(join(site, 'dist'))
    await paths.getByText('Strip the path').click()
    await paths.getByRole('button', { name: 'Add path' }).click()
    await says('Paths saved.')
    expect(await ask('/docs/')).toContain('a page of the folder')
  })

  test('the timeouts are set', async () => {
    const timeouts = section('Timeouts')
    await timeouts.getByLabel('Response header').fill('30')
    await timeouts.getByRole('button', { name: 'Save' }).click()
    await says('Timeouts saved.')
    await takePicture(opened.window, 'origins')
  })

  test('nothing of it is out of reach for anybody', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      await opened.window.emulateMedia({ colorScheme: scheme })
      await opened.window.waitForTimeout(400)
      await opened.window.evaluate(axe.source)
      const found = await opened.window.evaluate(
        `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
          .then((r) => r.violations.map(({ id, nodes }) => id + ' ' + nodes.map(({ target }) => target).join()))`,
      )
      expect(found).toEqual([])
    }
    await takePicture(opened.window, 'origins-dark')
    await opened.window.emulateMedia({ colorScheme: 'light' })
  })

  test('the origin itself becomes a folder, tested before it is saved', async () => {
    const origin = section('Origin')
    await origin.getByText('Folder', { exact: true }).click()
    await origin.getByRole('textbox', { name: 'Folder' }).fill(join(site, 'dist'))
    await origin.getByRole('button', { name: 'Test origin' }).click()
    await says(/The folder is there, with an index\.html/)
    await origin.getByRole('button', { name: 'Save origin' }).click()
    await says('Origin saved.')
    expect(await ask()).toContain('a page of the folder')
    await takePicture(opened.window, 'origin-folder')
  })

  test('taking any certificate is warned of', async () => {
    const origin = section('Origin')
    await origin.getByText('HTTPS', { exact: true }).click()
    await origin.getByRole('combobox', { name: 'The origin’s certificate' }).click()
    await opened.window.getByRole('option', { name: 'Do not verify' }).click()
    await origin.getByText('The origin is not verified').waitFor()
    await takePicture(opened.window, 'origin-unverified')
  })
})

test('Add domain marks both fields where both are wrong, and each until it is changed', async () => {
  const { window } = opened
  await window.getByRole('navigation').getByRole('link', { name: 'Domains' }).click()
  await window.getByRole('button', { name: 'Add domain' }).first().click()
  const dialog = window.getByRole('dialog', { name: 'Add a domain' })
  const name = dialog.getByLabel('Domain')
  const origin = dialog.getByLabel('Origin')
  await name.fill('https://shop.test/')
  await origin.fill('not an address at all')
  await dialog.getByRole('button', { name: 'Add domain' }).click()
  await dialog.getByText(/it is a whole address; give the host name alone/).waitFor()
  await dialog.getByText(/is not an origin: it names no host/).waitFor()
  expect(await name.getAttribute('aria-invalid')).toBe('true')
  expect(await origin.getAttribute('aria-invalid')).toBe('true')
  await takePicture(window, 'add-domain-both-wrong')
  await name.fill('-.test')
  expect(await name.getAttribute('aria-invalid')).not.toBe('true')
  expect(await origin.getAttribute('aria-invalid')).toBe('true')
  await origin.fill('3000')
  await dialog.getByRole('button', { name: 'Add domain' }).click()
  // Only the engine detects this fault, and its field shows it all the same.
  await dialog.getByText(/starts or ends with a hyphen/).waitFor()
  expect(await name.getAttribute('aria-invalid')).toBe('true')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})
