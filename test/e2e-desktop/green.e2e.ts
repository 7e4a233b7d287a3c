import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { originAt } from '../support/engine/engine.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { takePicture } from '../e2e/pictures.ts'

/*
 * The end of "Set up" in the desktop app: the person's own browser is opened. The person's HOME is a throwaway
 * one; `xdg-open`, which hands an address to that browser, and `pkexec`, which would ask for a password, are
 * programs of the test, first on PATH: one writes down what it was given, the other says no as polkit does.
 */

const open = '#!/bin/sh\nprintf "%s\\n" "$@" >> "$(dirname "$0")/opened"\n'
const decline = '#!/bin/sh\nprintf "%s\\n" "$1 $2" >> "$(dirname "$0")/asked"\nexit 126\n'

let app: DesktopApp
const person = mkdtempSync(path.join(tmpdir(), 'edgekeep-person-'))
const programs = path.join(person, 'bin')

beforeAll(async () => {
  mkdirSync(programs)
  writeFileSync(path.join(programs, 'xdg-open'), open, { mode: 0o755 })
  writeFileSync(path.join(programs, 'pkexec'), decline, { mode: 0o755 })
  const environment = {
    HOME: person,
    PATH: `${programs}:${process.env.PATH}`,
    DE: '',
    XDG_CURRENT_DESKTOP: '',
  }
  const started = await startDesktop({ environment })
  if (started) app = started
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
  rmSync(person, { recursive: true, force: true, maxRetries: 5 })
})
beforeEach(needsElectron)

test(
  'the browser opens on the domain when it is green, also where the administrator’s part was declined',
  async () => {
    await app.ask(({ domains }) => domains.add({ name: 'shop.localhost', origin: originAt(9) }))
    const { window } = app
    await window.getByRole('link', { name: 'shop.localhost' }).first().click()
    await window.getByRole('button', { name: 'Set up trusted HTTPS', disabled: false }).click()
    const dialog = window.getByRole('dialog', { name: 'Set up trusted HTTPS for shop.localhost' })
    await dialog.getByText('Turns HTTPS on for shop.localhost').waitFor({ timeout: patientMs })
    await dialog.getByRole('button', { name: 'Set up', disabled: false }).click()
    const link = dialog.getByRole('link', { name: /https:\/\/shop\.localhost/ })
    await link.waitFor({ timeout: patientMs * 2 })
    const address = await link.getAttribute('href')
    expect(address).toMatch(/^https:\/\/shop\.localhost(:\d+)?\/$/)
    await takePicture(window, 'desktop-green')
    await expect.poll(() => textOf('opened'), { timeout: 30_000 }).toBe(`${address}\n`)
    expect(await app.ask((client) => client.domains.get({ domain: 'shop.localhost' }))).toMatchObject({
      https: { state: 'on' },
    })
    // The window stays where it was, and no second one came.
    expect(app.electron.windows()).toHaveLength(1)
    if (textOf('asked') !== '') expect(textOf('asked')).toBe('/bin/sh -c\n')
  },
  patientMs * 4,
)

function textOf(name: string): string {
  const file = path.join(programs, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
