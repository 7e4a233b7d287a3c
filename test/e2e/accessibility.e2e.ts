import axe from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../support/cli.ts'
import { openWindow, type OpenedWindow } from '../support/open-window.ts'

let opened: OpenedWindow
beforeAll(async () => {
  opened = await openWindow()
  await edgekeep(opened.home.folder, ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000'])
  await edgekeep(opened.home.folder, ['https', 'on', 'shop.test', '--free'])
}, 120_000)
afterAll(() => opened?.close())

interface Violation {
  id: string
  impact: string | null
  help: string
  nodes: { target: string[] }[]
}

/** What axe finds against WCAG 2.2 A and AA, in words. */
async function violations(): Promise<string[]> {
  const { window } = opened
  await window.waitForTimeout(400)
  await window.evaluate(axe.source)
  const found = await window.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((r) => r.violations)`,
  )
  return (found as Violation[]).map(
    ({ id, impact, help, nodes }) =>
      `${impact} ${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`,
  )
}

const places: [name: string, go: () => Promise<void>][] = [
  ['the list of domains', () => link('Domains')],
  ['a domain', () => link('shop.test')],
  ['the HTTPS settings', () => press('Modify')],
  ['the certificates', () => link('Certificates')],
  ['the inspector', () => link('Inspector')],
  ['the settings', () => link('Settings')],
]

async function link(name: string): Promise<void> {
  await opened.window.keyboard.press('Escape')
  await opened.window.getByRole('link', { name, exact: true }).first().click()
}
async function press(name: string): Promise<void> {
  await opened.window.getByRole('button', { name, exact: true }).click()
}

describe.each(['light', 'dark'] as const)('in %s, axe finds nothing wrong with', (colorScheme) => {
  beforeAll(() => opened.window.emulateMedia({ colorScheme }))

  test.each(places)('%s', async (_name, go) => {
    await go()
    expect(await violations()).toEqual([])
  })
})

test('axe would have found a control without a name', async () => {
  await opened.window.evaluate(`document.querySelector('main').append(document.createElement('button'))`)
  expect(await violations()).toEqual([expect.stringContaining('button-name')])
})
