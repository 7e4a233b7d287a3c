import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  needsElectron,
  patientMs,
  startDesktop,
  startServingDesktop,
  type DesktopApp,
} from '../support/desktop/desktop-app.ts'

let app: DesktopApp

beforeAll(async () => {
  const started = await startServingDesktop()
  if (started) app = started
}, patientMs + 60_000)
afterAll(async () => {
  await app?.close()
  if (app) rmSync(app.home.folder, { recursive: true, force: true })
})
beforeEach(needsElectron)

/** Starts the app once more with `word`, until it has ended. */
async function start(word: string): Promise<unknown> {
  const child = spawn(app.start.executablePath, [...app.start.args, word], { stdio: 'ignore' })
  const [status] = (await once(child, 'exit')) as [number | null]
  return status
}

const state = () =>
  app.ask((client) => client.domains.get({ domain: 'shop.localhost' })).then(({ https }) => https.state)

test('the action Inspector brings the window that is open to the Inspector', async () => {
  expect(await start('--inspector')).toBe(0)
  await app.window.getByRole('heading', { name: 'Inspector', exact: true }).first().waitFor()
  expect(app.electron.windows()).toHaveLength(1)
})

test('the action Pause HTTPS pauses every domain of the app that runs', async () => {
  expect(await start('--pause-https')).toBe(0)
  await expect.poll(state).toBe('paused')
})

test('Pause HTTPS without a running app pauses the domains and starts nothing', async () => {
  await app.ask((client) => client.https.enable({ domain: 'shop.localhost', source: { type: 'current' } }))
  await app.quit()
  expect(await start('--pause-https')).toBe(0)
  const again = await startDesktop({ home: app.home })
  app = again!
  expect(await state()).toBe('paused')
})
