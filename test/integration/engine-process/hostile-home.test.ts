import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync, lstatSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { startEngine } from '../../../src/engine-process/start-engine.ts'
import { edgekeep, edgekeepProcess } from '../../support/processes/cli.ts'
import { freePort } from '../../support/free-port.ts'
import { mountSmallDisk } from '../../support/vault/small-disk.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

/*
 * A home in which something is not as the engine left it. A real engine, started as the command line starts it.
 */

async function prepared(folder = temporaryFolder()): Promise<Home> {
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  const home = openHome(join(folder, 'home'))
  // Builds the product if that is outdated, and creates data that could be lost.
  await edgekeep(home.folder, ['vault', 'protect', 'key-file'])
  const add = ['domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:3000']
  expect((await edgekeep(home.folder, add)).status).toBe(0)
  return home
}

async function start(home: Home) {
  return startEngine(home, { portTaken: 'fail', httpsPort: await freePort(), httpPort: await freePort() })
}

async function expectNothingLost(home: Home): Promise<void> {
  expect((await edgekeep(home.folder, ['domain', 'list'])).out).toContain('shop.test')
}

async function expectOnlyReading(home: Home): Promise<void> {
  for (const words of [['domain', 'list'], ['cert', 'list'], ['audit'], ['usage']]) {
    const read = await edgekeepProcess(home.folder, [...words, '--json'])
    expect(read).toMatchObject({ status: 0, err: '' })
  }
  const status = await edgekeepProcess(home.folder, ['status', '--json'])
  expect(status.json()).toMatchObject({ running: false, error: { code: 'engine.not_running' } })
  await expectNothingLost(home)
  const add = ['domain', 'add', 'c.test', '--origin', 'http://127.0.0.1:1', '--json']
  const refused = await edgekeepProcess(home.folder, add)
  expect(refused.json().error).toMatchObject({ code: 'home.unusable' })
}

describe('the place of the control socket', posixOnly, () => {
  test.each([
    ['a file', (path: string) => writeFileSync(path, 'mine')],
    ['a folder', (path: string) => (mkdirSync(path), writeFileSync(join(path, 'mine'), ''))],
    ['a link', (path: string) => (writeFileSync(`${path}.mine`, 'mine'), symlinkSync(`${path}.mine`, path))],
  ])('holds %s: it stays, and the engine says so and ends', { timeout: 120_000 }, async (_what, put) => {
    const home = await prepared()
    put(home.socketPath)
    const before = lstatSync(home.socketPath)
    const refused = start(home)
    await expect(refused).rejects.toMatchObject({
      code: 'home.unusable',
      message: expect.stringContaining('control.sock in it is not a socket; move it elsewhere') as string,
    })
    await expect(refused).rejects.not.toThrow(home.folder)
    expect(lstatSync(home.socketPath).ino).toBe(before.ino)
    rmSync(home.socketPath, { recursive: true })
    // The refused engine holds neither vault nor ports.
    await (await start(home)).stop()
    await expectNothingLost(home)
  })

  test('holds the socket of an engine that was killed: it is taken over', { timeout: 120_000 }, async () => {
    const home = await prepared()
    const first = await start(home)
    process.kill(first.pid, 'SIGKILL')
    await first.exited
    expect(lstatSync(home.socketPath).isSocket()).toBe(true)
    const second = await start(home)
    expect(await (await connectEngine(home))?.client.engine.status()).toMatchObject({ pid: second.pid })
    expect(lstatSync(home.socketPath).mode & 0o777).toBe(0o600)
    await second.stop()
    await expectNothingLost(home)
  })

  test(
    'holds a socket that listens and says nothing: no command waits for it',
    { timeout: 60_000 },
    async () => {
      const home = await prepared()
      const silent = createServer().listen(home.socketPath)
      const told = await edgekeepProcess(home.folder, ['status', '--json'])
      expect(told.json().error?.code).toBe('engine.busy')
      silent.close()
    },
  )

  test(
    'is emptied under a running engine, which ends: a command opens the vault after it',
    { timeout: 120_000 },
    async () => {
      const home = await prepared()
      const engine = await start(home)
      rmSync(home.socketPath)
      // On a busy machine the engine ends later than a command waits.
      const isListed = async () =>
        (await edgekeepProcess(home.folder, ['domain', 'list', '--json'])).json().ok
      await expect.poll(isListed, { timeout: 60_000 }).toBe(true)
      expect(await engine.exited).toEqual({ status: 1, signal: null })
      await engine.stop()
      await expectNothingLost(home)
    },
  )
})

describe('a disk', () => {
  test('stops the engine with a sentence if it is read-only', { timeout: 120_000 }, async ({ skip }) => {
    const disk = mountSmallDisk(16 << 20) ?? skip('A disk of its own can be mounted on Linux as root only.')
    const home = await prepared(disk.folder)
    disk.readOnly()
    await expect(start(home)).rejects.toMatchObject({
      code: 'home.unusable',
      message: expect.stringContaining('the disk is read-only') as string,
    })
    await expectOnlyReading(home)
  })

  test('lets commands read without an engine when it is full', { timeout: 120_000 }, async ({ skip }) => {
    const disk = mountSmallDisk(16 << 20) ?? skip('A disk of its own can be mounted on Linux as root only.')
    const home = await prepared(disk.folder)
    disk.fill()
    await expectOnlyReading(home)
    disk.empty()
    await expectNothingLost(home)
  })

  test(
    'lets commands read the write-ahead log of an engine that was killed when it is full',
    { timeout: 120_000 },
    async ({ skip }) => {
      const disk = mountSmallDisk(16 << 20) ?? skip('A disk of its own can be mounted on Linux as root only.')
      const home = await prepared(disk.folder)
      const engine = await start(home)
      const add = ['domain', 'add', 'b.test', '--origin', 'http://127.0.0.1:1']
      expect((await edgekeep(home.folder, add)).status).toBe(0)
      process.kill(engine.pid, 'SIGKILL')
      await engine.exited
      disk.fill()
      rmSync(`${home.folder}/vault.db-shm`, { force: true })
      disk.readOnly()
      expect((await edgekeepProcess(home.folder, ['domain', 'list'])).out).toContain('b.test')
    },
  )

  test('stops nothing if it becomes full under a running engine', { timeout: 120_000 }, async ({ skip }) => {
    const disk = mountSmallDisk(16 << 20) ?? skip('A disk of its own can be mounted on Linux as root only.')
    const home = await prepared(disk.folder)
    const engine = await start(home)
    try {
      disk.fill()
      const add = ['domain', 'add', 'b.test', '--origin', 'http://127.0.0.1:1', '--json']
      const refused = await edgekeepProcess(home.folder, add)
      expect(refused.json().error).toMatchObject({ code: 'home.unusable' })
      disk.empty()
      expect((await edgekeepProcess(home.folder, add)).status).toBe(0)
      const connection = await connectEngine(home)
      expect(await connection?.client.engine.status()).toMatchObject({ pid: engine.pid })
      await connection?.close()
    } finally {
      await engine.stop()
    }
    expect(readFileSync(join(home.logFolder, 'engine.log'), 'utf8')).not.toContain('nothing caught')
    await expectNothingLost(home)
  })
})
