import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectEngine } from '../../../src/engine-process/connect.ts'
import { openHome, type Home } from '../../../src/engine-process/home.ts'
import { openInProcess } from '../../../src/engine-process/in-process.ts'
import { keepEngine, type SupervisedEngine } from '../../../src/engine-process/keep-engine.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { linuxOnly, unless } from '../../support/needs.ts'
import { whyNoOtherUser } from '../../support/processes/other-user.ts'
import { freePort } from '../../support/free-port.ts'

let folder: string
let home: Home
let engine: SupervisedEngine

beforeEach(async () => {
  folder = temporaryFolder()
  home = openHome(join(folder, 'home'))
  const ports = { httpsPort: await freePort(), httpPort: await freePort() }
  engine = await keepEngine(home, { ...ports, portTaken: 'fail' })
})
afterEach(async () => {
  await engine.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('an engine whose home', () => {
  test('is moved ends with the reason, and is not started again to make a new vault', async () => {
    renameSync(home.folder, join(folder, 'elsewhere'))
    expect(await engine.lost).toMatchObject({
      code: 'home.unusable',
      message: expect.stringContaining('it was moved or deleted while Edgekeep was running') as string,
    })
    expect(existsSync(home.folder)).toBe(false)
    expect(readFileSync(join(folder, 'elsewhere/logs/engine.log'), 'utf8')).toContain('Engine ready')
  })

  test(
    'is moved keeps commands from making a new vault at its path until it has ended',
    linuxOnly,
    async () => {
      const connection = await connectEngine(home)
      const { pid } = await connection!.client.engine.status()
      await connection!.close()
      process.kill(pid, 'SIGSTOP')
      renameSync(home.folder, join(folder, 'elsewhere'))
      const again = openHome(home.folder)
      await expect(openInProcess(again)).rejects.toMatchObject({
        code: 'home.unusable',
        message: expect.stringContaining(`the engine that runs on it (process ${pid})`) as string,
      })
      expect(existsSync(join(home.folder, 'vault.db'))).toBe(false)
      process.kill(pid, 'SIGCONT')
      expect(await engine.lost).toMatchObject({ code: 'home.unusable' })
      const opened = await openInProcess(again)
      await opened.close()
      expect(existsSync(join(home.folder, 'vault.db'))).toBe(true)
    },
  )

  test('is named by a process of another user is opened all the same', unless(whyNoOtherUser), async () => {
    const mine = join(folder, 'mine')
    const theirs = join(folder, 'theirs')
    mkdirSync(theirs)
    writeFileSync(join(theirs, 'vault.lock'), '')
    writeFileSync(join(theirs, 'engine.js'), 'exec 3< "${0%/*}/vault.lock"; echo ready; read -r end')
    chmodSync(folder, 0o755)
    const pretended = spawn('/bin/sh', [join(theirs, 'engine.js'), '--home', mine], { uid: 65_534 })
    await once(pretended.stdout, 'data')
    const opened = await openInProcess(openHome(mine))
    await opened.close()
    expect(existsSync(join(mine, 'vault.db'))).toBe(true)
    pretended.stdin.end()
    await once(pretended, 'exit')
  })

  test('is deleted ends with the reason', async () => {
    rmSync(home.folder, { recursive: true })
    expect(await engine.lost).toMatchObject({ code: 'home.unusable' })
    expect(existsSync(home.folder)).toBe(false)
  })

  test('is moved and replaced by another folder ends with the reason', async () => {
    renameSync(home.folder, join(folder, 'elsewhere'))
    mkdirSync(home.folder, { mode: 0o700 })
    writeFileSync(join(home.folder, 'vault.lock'), '', { mode: 0o600 })
    expect(await engine.lost).toMatchObject({ code: 'home.unusable' })
    expect(existsSync(join(home.folder, 'vault.db'))).toBe(false)
  })
})
