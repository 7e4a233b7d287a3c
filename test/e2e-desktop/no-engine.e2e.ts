import { chmodSync, rmSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openHome } from '../../src/engine-process/home.ts'
import { takePicture } from '../e2e/pictures.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { dropFiles } from '../support/browser/drop-files.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { makeVaultNewer } from '../support/vault/newer-vault.ts'

beforeEach(needsElectron)

const band = (app: DesktopApp) =>
  app.window.getByRole('alert', { name: 'The engine is not running, and no domain is served' })

async function inspectorWorks(app: DesktopApp): Promise<void> {
  await app.window.getByRole('link', { name: 'Inspector' }).click()
  await dropFiles(app.window, { x: 600, y: 500 }, [path.resolve('test/support/pki/samples/chain.p7b')])
  await app.window.getByRole('navigation', { name: 'Pieces found' }).getByText('chain.p7b').first().waitFor()
}

describe('an engine that cannot be started', () => {
  test(
    'a vault of a newer Edgekeep is said, the Inspector works, and another try succeeds once it can',
    async () => {
      const home = openHome(temporaryFolder())
      const restore = await makeVaultNewer(home.folder)
      const app = (await startDesktop({ home, awaitsEngine: false }))!
      try {
        // A start that fails is tried again before the band says why.
        await band(app)
          .getByText('The vault was written by a newer Edgekeep')
          .waitFor({ timeout: patientMs / 2 })
        await inspectorWorks(app)
        await takePicture(app.window, 'desktop-no-engine')
        const before = app.log().split('\n').length
        await band(app).getByRole('button', { name: 'Try again' }).click()
        await expect.poll(() => app.log().split('\n').length).toBeGreaterThan(before)
        await band(app).getByText('The vault was written by a newer Edgekeep').waitFor()
        restore()
        await band(app).getByRole('button', { name: 'Try again' }).click()
        await band(app).waitFor({ state: 'detached' })
        await app.window.getByRole('link', { name: 'Domains' }).first().click()
        await app.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
      } finally {
        await app.close()
      }
    },
    patientMs,
  )

  test(
    'a folder that cannot be read is said, and the Inspector works',
    async () => {
      const folder = temporaryFolder()
      const home = openHome(folder)
      chmodSync(home.folder, 0o000)
      const app = (await startDesktop({ home, awaitsEngine: false }))!
      try {
        await band(app)
          .getByText("Edgekeep's data folder cannot be used: this user may not write there")
          .waitFor()
        await inspectorWorks(app)
        await band(app).getByRole('button', { name: 'Try again' }).click()
        await band(app).getByText("Edgekeep's data folder cannot be used").waitFor()
      } finally {
        await app.quit()
        chmodSync(home.folder, 0o700)
        rmSync(home.folder, { recursive: true, force: true })
      }
    },
    patientMs,
  )
})
