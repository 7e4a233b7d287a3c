import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { takeLock } from '../../../src/engine/vault/lock.ts'
import { edgekeep, edgekeepProcess } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

let home: string
beforeAll(async () => {
  home = temporaryFolder()
  await edgekeep(home, ['vault', 'protect', 'key-file'])
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const list = () => edgekeepProcess(home, ['domain', 'list', '--json'])

describe('a command that comes while an engine has the vault and no socket yet', () => {
  test('waits until the vault is free', async () => {
    const lock = takeLock(home)
    // Longer than the database's own lock timeout.
    setTimeout(() => lock[Symbol.dispose](), 2_500)
    expect((await list()).json()).toMatchObject({ ok: true })
  })

  test('says that the engine is busy when that takes too long', async () => {
    const lock = takeLock(home)
    expect((await list()).json().error?.code).toBe('engine.busy')
    lock[Symbol.dispose]()
  })
})
