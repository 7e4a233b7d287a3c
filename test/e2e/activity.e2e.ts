import path from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/processes/cli.ts'
import { openWindow, type OpenedWindow } from '../support/browser/open-window.ts'
import { takePicture } from './pictures.ts'

let opened: OpenedWindow
const run = (...args: string[]) => edgekeep(opened.home.folder, args)
beforeAll(async () => {
  opened = await openWindow()
  await run('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000')
  await run('https', 'on', 'shop.test', '--free')
}, 120_000)
afterAll(() => opened?.close())

const trail = () => opened.window.getByRole('group', { name: 'Audit trail' })
const row = (sentence: string) => trail().getByRole('listitem').filter({ hasText: sentence })

/** Drops the triggers that make the audit trail append-only, then changes it. */
function tamper(file: string): void {
  const database = new Database(file)
  const triggers = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck()
  for (const name of triggers.all() as string[]) database.exec(`DROP TRIGGER ${name}`)
  database.exec("UPDATE audit SET actor = 'nobody' WHERE action = 'https.enable'")
  database.close()
}

describe('the activity page', () => {
  test('tells every change in a sentence, newest first, and who made it', async () => {
    const { window } = opened
    await window.getByRole('link', { name: 'Activity' }).click()
    await row('Turned on HTTPS for shop.test with “shop.test”').waitFor()
    const sentences = await trail().getByRole('listitem').allInnerTexts()
    expect(sentences[0]).toMatch(/Turned on HTTPS[^]*Command line/)
    expect(sentences.at(-1)).toMatch(/Added shop\.test/)
  })

  test('shows what a command changes while it is open', async () => {
    await run('domain', 'add', 'blog.test', '--origin', 'http://127.0.0.1:3001')
    await row('Added blog.test').waitFor()
  })

  test('unfolds the values before and after a change', async () => {
    const { window } = opened
    await window.getByRole('button', { name: /^What changed: Turned on HTTPS/ }).press('Enter')
    const state = row('Turned on HTTPS').getByRole('row', { name: /^HTTPS/ })
    expect(await state.getByRole('cell').allInnerTexts()).toEqual(['off', 'on'])
    await takePicture(window, '12-activity')
  })

  test('finds rows by a domain, and says when there is none', async () => {
    const search = opened.window.getByRole('searchbox', { name: 'Search activity' })
    await search.fill('blog')
    await row('Turned on HTTPS').waitFor({ state: 'hidden' })
    expect(await trail().getByRole('listitem').count()).toBe(1)
    await search.fill('nowhere')
    await opened.window.getByText('Nothing matches “nowhere”.').waitFor()
    await search.press('Escape')
    await row('Turned on HTTPS').waitFor()
  })

  test('shows a change of many domains as one entry that lists them', async () => {
    await run('domain', 'tag', 'shop.test', 'blog.test', '--add', 'eu')
    const entry = row('2 domains')
    await entry.getByRole('button', { name: /^What changed/ }).click()
    await entry.getByRole('row', { name: 'Tags none eu' }).waitFor()
    expect(await entry.getByRole('link').allInnerTexts()).toEqual(['shop.test', 'blog.test'])
    await entry.getByRole('button', { name: /^What changed/ }).click()
  })

  test('leads to what a row is about', async () => {
    const { window } = opened
    await row('Added blog.test').getByRole('link', { name: 'blog.test' }).click()
    await window.getByRole('heading', { name: 'blog.test' }).waitFor()
    await window.goBack()
  })

  test('checks the trail, and shows where a file edited from outside breaks it', async () => {
    const { window } = opened
    const check = window.getByRole('button', { name: 'Verify audit trail' })
    await check.click()
    await window.getByText(/^The audit trail is intact: all \d+ entries/).waitFor()
    tamper(path.join(opened.home.folder, 'vault.db'))
    await check.click()
    await window.getByText('The audit trail was changed').waitFor()
    await row('Turned on HTTPS').getByText('The audit trail breaks here').waitFor()
  })
})
