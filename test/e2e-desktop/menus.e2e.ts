import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  needsElectron,
  patientMs,
  startServingDesktop,
  type DesktopApp,
} from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let app: DesktopApp

beforeAll(async () => {
  const started = await startServingDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
})
beforeEach(needsElectron)

interface MenuEntry {
  label: string
  accelerator: string | null
  role: string | null
  items: MenuEntry[]
}

/** Visible entries of the application menu as Electron has them, without separators. */
function menuEntries(): Promise<MenuEntry[]> {
  return app.electron.evaluate(({ Menu }) => {
    const entriesOf = (menu: Electron.Menu | null | undefined): MenuEntry[] =>
      (menu?.items ?? [])
        .filter(({ type, visible }) => type !== 'separator' && visible)
        .map((item) => ({
          label: item.label,
          accelerator: (item.accelerator as string | undefined) ?? null,
          role: (item.role as string | undefined) ?? null,
          items: entriesOf(item.submenu),
        }))
    return entriesOf(Menu.getApplicationMenu())
  })
}

/** Chooses an entry by its label without the mnemonic's sign. */
async function choose(menu: string, entry: string): Promise<void> {
  await app.electron.evaluate(
    ({ Menu }, wanted) => {
      const plain = (label: string) => label.replace('&', '')
      const top = Menu.getApplicationMenu()?.items.find(({ label }) => plain(label) === wanted.menu)
      const item = top?.submenu?.items.find(({ label }) => plain(label) === wanted.entry)
      if (!item) throw new Error(`the menu has no ${wanted.menu} > ${wanted.entry}`)
      item.click()
    },
    { menu, entry },
  )
}

const plain = ({ label }: MenuEntry) => label.replace('&', '')
const sections = [
  'Domains',
  'Certificates',
  'Inspector',
  'Trust',
  'Issuing',
  'Traffic',
  'Usage',
  'Activity',
  'Settings',
]

describe('the application menu', () => {
  test('lists every section of the rail in Go, each under its number', async () => {
    const go = (await menuEntries()).find((entry) => plain(entry) === 'Go')!
    expect(go.items.map(plain)).toEqual(sections)
    expect(go.items.map(({ accelerator }) => accelerator)).toEqual(
      sections.map((_section, at) => `CmdOrCtrl+${at + 1}`),
    )
    const rail = app.window.getByRole('navigation', { name: 'Sections' }).getByRole('link')
    expect(await rail.allInnerTexts()).toEqual(sections)
  })

  test('leads to every section', async () => {
    for (const section of [...sections.slice(1), 'Domains']) {
      await choose('Go', section)
      await app.window.getByRole('heading', { name: section, exact: true }).first().waitFor()
    }
  })

  test('gives every entry a mnemonic of its own in its menu, and sentence case', async () => {
    const check = (entries: MenuEntry[]) => {
      const letters = entries.map(({ label }) => /&(\w)/.exec(label)?.[1]?.toLowerCase())
      expect(letters, entries.map(plain).join(', ')).not.toContain(undefined)
      expect(new Set(letters).size, entries.map(plain).join(', ')).toBe(entries.length)
      for (const entry of entries) {
        expect(plain(entry)).toMatch(/^\p{Lu}[^\p{Lu}]*(Edgekeep)?$/u)
        check(entry.items)
      }
    }
    check(await menuEntries())
  })

  test('has New domain, Import certificate, Close window and Quit in File, and Find in Edit', async () => {
    const entries = await menuEntries()
    const file = entries.find((entry) => plain(entry) === 'File')!
    expect(file.items.map(plain)).toEqual([
      'New domain…',
      'Import certificate…',
      'Close window',
      'Quit Edgekeep',
    ])
    expect(entries.find((entry) => plain(entry) === 'Edit')!.items.map(plain)).toContain('Find')
  })

  test('opens the dialogs of New domain and Import certificate from any page', async () => {
    await choose('Go', 'Usage')
    await choose('File', 'New domain…')
    const dialog = app.window.getByRole('dialog')
    await dialog.getByRole('heading', { name: 'Add a domain' }).waitFor()
    // An open dialog keeps its input: no other command tears it away.
    await choose('File', 'Import certificate…')
    await choose('Go', 'Usage')
    await dialog.getByRole('heading', { name: 'Add a domain' }).waitFor()
    await app.window.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await choose('File', 'Import certificate…')
    await dialog.getByRole('heading', { name: 'Import a certificate' }).waitFor()
    await app.window.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
  })

  test('focuses the search field of a page, and opens the palette on a page without one', async () => {
    await choose('Go', 'Activity')
    const search = app.window.locator('#page').getByRole('searchbox')
    await search.waitFor()
    await choose('Edit', 'Find')
    await expect.poll(() => search.evaluate((field) => field === document.activeElement)).toBe(true)
    await choose('Go', 'Settings')
    await app.window.getByRole('heading', { name: 'Settings', exact: true }).first().waitFor()
    await choose('Edit', 'Find')
    const palette = app.window.getByRole('dialog', { name: 'Search and commands' })
    await palette.waitFor()
    await app.window.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
  })
})

test('the title names the domain whose page is open, and else the section', async () => {
  const title = () =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getTitle())
  await choose('Go', 'Domains')
  await expect.poll(title).toBe('Domains · Edgekeep')
  await app.window.getByRole('link', { name: 'shop.localhost' }).first().click()
  await expect.poll(title).toBe('shop.localhost · Edgekeep')
})

test('a saved file is confirmed by its name, with a way to its folder', async () => {
  const saved = path.join(temporaryFolder(), 'certificates of mine.csv')
  await app.electron.evaluate(({ session, shell }, file) => {
    session.defaultSession.once('will-download', (_event, item) => item.setSavePath(file))
    shell.showItemInFolder = (shown) => void Object.assign(globalThis, { shown })
  }, saved)
  await choose('Go', 'Usage')
  await app.window.getByRole('button', { name: 'CSV' }).click()
  const notice = app.window.getByRole('alert').filter({ hasText: 'certificates of mine.csv was saved.' })
  await notice.waitFor()
  expect(existsSync(saved)).toBe(true)
  await notice.getByRole('button', { name: 'Show in folder' }).click()
  await expect.poll(() => app.electron.evaluate(() => (globalThis as { shown?: string }).shown)).toBe(saved)
})
