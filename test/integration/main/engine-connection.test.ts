import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { openHome } from '../../../src/engine-process/home.ts'
import { openDesktopLog } from '../../../src/main/desktop-log.ts'
import { connectToEngine } from '../../../src/main/engine-connection.ts'
import { watchEngine, type EnginePresence } from '../../../src/main/engine-view.ts'
import { findInstallation } from '../../../src/engine-process/installation.ts'
import { startEngine } from '../../../src/engine-process/start-engine.ts'
import { posixOnly } from '../../support/needs.ts'
import { standInEngine } from '../../support/engine/stand-in-engine.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('an engine that is still being started ends with the app, without a problem or a wait for it', async () => {
  const home = openHome(temporaryFolder())
  const log = openDesktopLog(home.logFolder)
  const tie = connectToEngine(home, { engineEntry: standInEngine(temporaryFolder(), 'unready') }, log)
  await tie.end()
  expect(tie.problem()).toBeNull()
})

test('an engine that ends again and again is given up with a reason and a line in the log, and can be tried anew', async () => {
  const home = openHome(temporaryFolder())
  const folder = temporaryFolder()
  const mark = join(home.folder, 'served')
  const log = openDesktopLog(home.logFolder)
  const tie = connectToEngine(home, { engineEntry: standInEngine(folder, 'dies') }, log, { attempts: 2 })
  await expect.poll(() => tie.problem()?.code, { timeout: 15_000 }).toBe('engine.unreachable')
  expect(tie.isOurs()).toBe(false)
  expect(readFileSync(join(home.logFolder, 'desktop.log'), 'utf8')).toContain('giving up')
  let changes = 0
  tie.onChange(() => (changes += 1))
  rmSync(mark)
  tie.retry()
  await expect.poll(() => changes, { timeout: 15_000 }).toBeGreaterThan(0)
  await tie.end()
  expect(await connectEngine(home)).toBeNull()
})

describe('the engine the app shows', () => {
  /** Starts an engine as another Edgekeep does, and ties an app to its home; both are real engines. */
  async function join() {
    const home = openHome(temporaryFolder())
    const engine = await startEngine(home, { portTaken: 'next' })
    onTestFinished(() => engine.stop())
    const tie = connectToEngine(home, findInstallation(), openDesktopLog(home.logFolder))
    const watch = watchEngine(home, { changed: () => undefined, present: tie.observe })
    onTestFinished(async () => {
      watch.close()
      await tie.end()
    })
    await expect.poll(() => watch.view().status?.pid).toBe(engine.pid)
    return { home, engine, tie, watch }
  }

  test('is one of its own soon after a joined one has ended', async () => {
    const { engine, tie, watch } = await join()
    expect(tie.isOurs()).toBe(false)
    await engine.stop()
    await expect.poll(() => watch.view().status).toBeNull()
    await expect.poll(() => watch.view().status?.pid ?? engine.pid).not.toBe(engine.pid)
    expect(tie.isOurs()).toBe(true)
    expect(tie.problem()).toBeNull()
  })

  test('is reported as stopped when a person stopped it, so that the app ends too', async () => {
    const { home, watch } = await join()
    const states: string[] = []
    const present = ({ state }: EnginePresence) => void states.push(state)
    const app = watchEngine(home, { changed: () => undefined, present })
    onTestFinished(() => app.close())
    await expect.poll(() => app.client()).not.toBeNull()
    await watch.client()?.engine.end({ restart: false })
    await expect.poll(() => states).toContain('stopped')
  })

  test('is unknown while it is stopped, and known again when it goes on', posixOnly, async () => {
    const { engine, tie, watch } = await join()
    process.kill(engine.pid, 'SIGSTOP')
    await expect.poll(() => tie.problem()?.code).toBe('engine.unresponsive')
    expect(watch.view().status).toBeNull()
    expect(watch.client()).toBeNull()
    process.kill(engine.pid, 'SIGCONT')
    await expect.poll(() => tie.problem()).toBeNull()
    await expect.poll(() => watch.view().status?.pid).toBe(engine.pid)
  })

  test('is replaced when the person restarts one that is stopped', posixOnly, async () => {
    const { engine, tie, watch } = await join()
    process.kill(engine.pid, 'SIGSTOP')
    await expect.poll(() => tie.problem()?.code).toBe('engine.unresponsive')
    tie.retry()
    await engine.exited
    await expect.poll(() => watch.view().status?.pid ?? engine.pid).not.toBe(engine.pid)
    expect(tie.problem()).toBeNull()
  })
})
