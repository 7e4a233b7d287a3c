import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readOpened } from '../../src/main/read-opened.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { sample } from '../support/pki/samples.ts'

/*
 * The window with the desktop's own preload, in a real browser: only Electron's two objects are doubles,
 * which carry messages as Electron does. What was opened is read by the desktop's own code.
 */

let folder: string
let opened: OpenedWindow
let window: Page
/** Files waiting in the main process. */
let waiting: string[] = []

beforeAll(async () => {
  folder = temporaryFolder()
  opened = await openWindow()
  window = await opened.browser.context.newPage()
  await window.exposeFunction('takeWaiting', async () => {
    const { files, refused } = await readOpened(waiting.splice(0))
    return { files: files.map((file) => ({ ...file, bytes: [...file.bytes] })), refused }
  })
  const preload = readFileSync(path.resolve('out/preload/index.cjs'), 'utf8')
  // Runs as a script text: the window's policy refuses code that is compiled from a string.
  await window.addInitScript(
    `(function (require, exports, module) {${preload}\n})(() => (${electronInPage.toString()})(), {}, { exports: {} })`,
  )
  await opened.window.waitForURL(/#/)
  await window.goto(new URL('#/domains', opened.window.url()).href)
}, 120_000)
afterAll(async () => {
  await opened?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface InPage {
  takeWaiting(): Promise<{
    files: { name: string; lastModified: number; bytes: number[] }[]
    refused: string[]
  }>
  filesWait?: () => void
  edgekeepDesktop?: unknown
}

/** Stub of Electron for the preload in the page: passes messages to the web host and to the test. */
function electronInPage(): unknown {
  const page = globalThis as unknown as InPage
  const listeners: Record<string, (event: { ports: MessagePort[] }, message?: unknown) => void> = {}
  const answers: Record<string, () => void> = {
    'edgekeep:request-port': () => {
      const address = new URL('frames', location.href)
      address.protocol = 'ws:'
      address.hash = ''
      const socket = new WebSocket(address)
      socket.binaryType = 'arraybuffer'
      const { port1, port2 } = new MessageChannel()
      socket.addEventListener('message', ({ data }) => port1.postMessage(data))
      socket.addEventListener('open', () => {
        port1.addEventListener('message', ({ data }) => socket.send(data as string))
        port1.start()
        listeners['edgekeep:port']?.({ ports: [port2] })
      })
    },
    'edgekeep:request-files': () =>
      void page.takeWaiting().then(({ files, refused }) => {
        if (files.length === 0 && refused.length === 0) return
        const sent = files.map((file) => ({ ...file, bytes: Uint8Array.from(file.bytes) }))
        listeners['edgekeep:files']?.({ ports: [] }, { files: sent, refused })
      }),
  }
  page.filesWait = () => listeners['edgekeep:files-waiting']?.({ ports: [] })
  return {
    contextBridge: {
      exposeInMainWorld: (_name: string, api: unknown) => {
        page.edgekeepDesktop = api
      },
    },
    ipcRenderer: {
      send: (channel: string) => answers[channel]?.(),
      on: (channel: string, listener: (typeof listeners)[string]) => {
        listeners[channel] = listener
      },
    },
  }
}

function given(name: string, bytes: Uint8Array | string): string {
  writeFileSync(path.join(folder, name), bytes)
  return path.join(folder, name)
}

async function open(...paths: string[]): Promise<void> {
  waiting = paths
  await window.evaluate(() => (globalThis as unknown as InPage).filesWait?.())
}

const pieces = () => window.getByRole('navigation', { name: 'Pieces found' })

describe('a file opened with the app', () => {
  test('is inspected, whatever page is shown', async () => {
    await window.getByRole('heading', { name: 'No domain yet' }).waitFor()
    await open(given('chain.p7b', sample('chain.p7b').bytes))
    await window.getByRole('heading', { name: 'Inspector', exact: true }).waitFor()
    await pieces().getByText('chain.p7b').first().waitFor()
    expect(window.url()).toContain('#/inspector')
  })

  test('joins the files that are already there', async () => {
    await open(given('shop.pfx', sample('rsa-legacy-rc2.p12').bytes))
    await window.getByText('The archive in shop.pfx is locked with a passphrase.').first().waitFor()
    await pieces().getByText('shop.pfx').first().waitFor()
    await pieces().getByText('chain.p7b').first().waitFor()
  })

  test('waits while a form is being filled in', async () => {
    await window.getByRole('link', { name: 'Domains', exact: true }).click()
    await window.getByRole('button', { name: 'Add domain' }).first().click()
    await window.getByRole('dialog', { name: 'Add a domain' }).getByLabel('Domain').fill('shop.test')
    await open(given('shop.csr', sample('p256.request.pem').bytes))
    await window.getByText('1 file is in the Inspector.').waitFor()
    expect(await window.getByLabel('Domain', { exact: true }).inputValue()).toBe('shop.test')
    await window.keyboard.press('Escape')
    await window.getByRole('link', { name: 'Inspector', exact: true }).click()
    await pieces().getByText('shop.csr').first().waitFor()
  })

  test('is reported if it cannot be read', async () => {
    await open(path.join(folder, 'gone.pem'))
    await window.getByText('gone.pem could not be read: there is no such file.').waitFor()
  })
})
