import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { takePicture } from '../e2e/pictures.ts'
import { connectEngine } from '../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../src/engine-process/home.ts'
import { startEngine, type EngineProcess } from '../../src/engine-process/start-engine.ts'
import { needsElectron, patientMs, startDesktop, type DesktopApp } from '../support/desktop/desktop-app.ts'
import { temporaryFolder } from '../support/engine/engine.ts'
import { originDefaults } from '../../src/contract/domains/origins.ts'

/** Started by the test, as a terminal starts one: the app joins it. */
let engine: EngineProcess
let home: Home
let app: DesktopApp

beforeAll(async () => {
  home = openHome(temporaryFolder())
  engine = await startEngine(home, { portTaken: 'next' })
  const connection = (await connectEngine(home))!
  const { domains, https } = connection.client
  const origin = { protocol: 'http' as const, host: '127.0.0.1', httpPort: 3000, httpsPort: 443 }
  await domains.add({ name: 'shop.localhost', origin: { ...origin, ...originDefaults } })
  await https.enable({ domain: 'shop.localhost', source: { type: 'free' } })
  await connection.close()
  const started = await startDesktop({ home })
  if (started) app = started
}, patientMs)
afterAll(async () => {
  await app?.close()
  await engine.stop()
})
beforeEach(needsElectron)

const band = () => app.window.getByRole('alert', { name: 'The engine does not respond' })
const badge = (label: string) => app.window.getByRole('table').getByText(label, { exact: true }).first()
const pidNow = () => app.ask((client) => client.engine.status()).then(({ pid }) => pid)

describe('an engine that the app joined', () => {
  test('is reported while it does not answer, and nothing is shown as on', async () => {
    await badge('On').waitFor()
    process.kill(engine.pid, 'SIGSTOP')
    await band().getByText('The engine has stopped responding').waitFor()
    await badge('Unknown').waitFor()
    expect(await badge('On').count()).toBe(0)
    const status = app.window.getByRole('status', { name: 'Edge' })
    expect(await status.textContent()).toBe('The engine does not respond')
    await takePicture(app.window, 'desktop-unresponsive')
    await app.window.getByRole('link', { name: 'Settings' }).click()
    await app.window.getByText('Last known state. The engine does not answer.').first().waitFor()
  })

  test('is shown again when it goes on', async () => {
    process.kill(engine.pid, 'SIGCONT')
    await band().waitFor({ state: 'detached' })
    await app.window.getByRole('link', { name: 'Domains' }).first().click()
    await badge('On').waitFor()
  })

  test('is replaced by one of the app’s own when the person restarts it', async () => {
    process.kill(engine.pid, 'SIGSTOP')
    await band().getByRole('button', { name: 'Restart the engine' }).click()
    await engine.exited
    await badge('On').waitFor()
    expect(await pidNow()).not.toBe(engine.pid)
  })
})

test('an engine that a terminal ends is followed by one of the app’s own', async () => {
  const second = openHome(temporaryFolder())
  const other = await startEngine(second, { portTaken: 'next' })
  const joined = (await startDesktop({ home: second }))!
  try {
    await joined.window.getByRole('heading', { name: 'No domain yet' }).waitFor()
    await other.stop()
    await expect
      .poll(() =>
        joined
          .ask((client) => client.engine.status())
          .then(
            ({ pid }) => pid,
            () => other.pid,
          ),
      )
      .not.toBe(other.pid)
    await joined.window.getByRole('status', { name: 'Edge' }).getByText('Listening').waitFor()
  } finally {
    await joined.close()
    await other.stop()
  }
})
