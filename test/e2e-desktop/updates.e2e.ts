import { cpSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takePicture } from '../e2e/pictures.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { startUpdateFeed, type UpdateFeed } from '../support/desktop/update-feed.ts'

let feed: UpdateFeed
let app: DesktopApp
let appImage: string

beforeAll(async () => {
  feed = await startUpdateFeed()
  const folder = temporaryFolder()
  appImage = path.join(folder, 'Edgekeep.AppImage')
  writeFileSync(appImage, 'edgekeep 0.1.0')
  chmodSync(appImage, 0o755)
  const started = await startDesktop({
    appFolder: appWithChannel(path.join(folder, 'app')),
    environment: { APPIMAGE: appImage },
  })
  if (started) app = started
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
  await feed?.close()
})
beforeEach(needsElectron)

/** The built app with an address for updates, as a package is made with. */
function appWithChannel(root: string): string {
  mkdirSync(root, { recursive: true })
  for (const name of ['package.json', 'out', 'resources', 'bin'])
    cpSync(path.resolve(name), path.join(root, name), { recursive: true })
  symlinkSync(path.resolve('node_modules'), path.join(root, 'node_modules'))
  writeFileSync(path.join(root, 'resources', 'updates.json'), JSON.stringify(feed.channel))
  return root
}

const section = () => app.window.getByRole('region', { name: 'Updates' })
const check = () => section().getByRole('button', { name: 'Check for updates' }).click()

describe('updates, in the desktop app', () => {
  test('nothing is asked of a network until the person asks, and an older release is not offered', async () => {
    feed.publish('0.0.9')
    await app.window.getByRole('link', { name: 'Settings' }).click()
    await section().getByText('This is Edgekeep').waitFor()
    expect(feed.asked).toEqual([])
    await check()
    await section().getByText('Up to date.').waitFor()
    expect(feed.asked).toEqual(['updates.json', 'updates.json.minisig'])
  })

  test('a list that has expired is reported as out of date', async () => {
    feed.publish('0.0.9', { expiresAt: new Date(Date.now() - 1000) })
    await check()
    await section().getByText('The update list is out of date').waitFor()
  })

  test('a tampered package is refused with the reason', async () => {
    feed.publish('0.2.0')
    feed.files.set('Edgekeep-x64.AppImage', Buffer.from('edgekeep 0.2.X'))
    await check()
    await section().getByText('Edgekeep 0.2.0 is available').waitFor()
    await section()
      .getByRole('button', { name: /^Download/ })
      .click()
    await section().getByText('The update was refused: it is not the file that was signed.').waitFor()
  })

  test('a good one is shown with its notes, downloaded with its progress, cancelled and resumed', async () => {
    feed.publish('0.2.0', { content: Buffer.alloc(3_000_000, 5) })
    feed.slowly(100)
    await check()
    await section().getByText('domains answer sooner').waitFor()
    await section().getByRole('button', { name: 'Download (3.0 MB)' }).click()
    await section().getByRole('progressbar').waitFor()
    await expect
      .poll(() =>
        section()
          .getByText(/of 3.0 MB/)
          .innerText(),
      )
      .not.toMatch(/^0\.0/)
    await takePicture(app.window, 'desktop-updates')
    await section().getByRole('button', { name: 'Cancel' }).click()
    feed.slowly(0)
    await section().getByRole('button', { name: 'Download (3.0 MB)' }).click()
    await section().getByText('Downloaded and verified.').waitFor()
    expect(readFileSync(appImage, 'utf8')).toBe('edgekeep 0.1.0')
  })

  test('it is put in place when the app quits', async () => {
    await app.quit()
    expect(readFileSync(appImage)).toEqual(Buffer.alloc(3_000_000, 5))
  })
})
