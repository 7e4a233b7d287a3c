import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { edgekeep } from '../../../support/processes/cli.ts'
import { deriveCheaply } from '../../../support/vault/derive-cheaply.ts'
import { openTestEngine, temporaryFolder, type TestEngine } from '../../../support/engine/engine.ts'
import { codeOf, setUpRecovery } from '../../../support/vault/recovery.ts'
import { temporaryHome } from '../../../support/vault/vault.ts'

deriveCheaply()

const passphrase = 'a passphrase for the backup'
const oldCopyIsThere = expect.stringContaining('An old copy of the vault in its folder could not be removed')

let folder: string
let opened: TestEngine
beforeEach(async () => {
  folder = temporaryFolder()
  opened = await openTestEngine(folder)
})
afterEach(() => opened.close())

/** Puts a copy there that cannot be removed: a folder that holds something. */
function blockClean(home = folder): void {
  mkdirSync(join(home, 'vault-schema-1.copy'))
  writeFileSync(join(home, 'vault-schema-1.copy/something'), '')
}

function logged(): string {
  return readFileSync(join(folder, 'logs/engine.log'), 'utf8')
}

describe('a change of the vault whose clean-up fails', () => {
  test.each([
    ['a rotation', () => opened.client.vault.rotate({})],
    [
      'a move to another protector',
      async () => opened.client.vault.protect({ protector: 'key-file', proof: await codeOf(opened) }),
    ],
  ])('is in force, warns, and is cleaned up at the next opening: %s', async (_name, change) => {
    const before = readdirSync(folder).filter((name) => name.endsWith('.key'))
    blockClean()
    const { protection } = await change()
    expect(protection.warnings).toEqual([oldCopyIsThere])
    expect((await opened.client.engine.status()).protection.warnings).toEqual([oldCopyIsThere])
    expect(logged()).toContain('Clean-up failed, trying again later')
    const after = readdirSync(folder).filter((name) => name.endsWith('.key'))
    expect([after.length, after[0] === before[0]]).toEqual([1, false])

    opened = await opened.reopen()
    expect((await opened.client.engine.status()).protection).toMatchObject({
      locked: false,
      warnings: [oldCopyIsThere],
    })
    // State in which only the removal had failed.
    rmSync(join(folder, 'vault-schema-1.copy'), { recursive: true })
    writeFileSync(join(folder, 'vault-schema-1.copy'), 'a copy')
    opened = await opened.reopen()
    expect((await opened.client.engine.status()).protection.warnings).toEqual([])
    expect(existsSync(join(folder, 'vault-schema-1.copy'))).toBe(false)
  })

  test('is in force and warns: a restore', async () => {
    const { recoveryKey } = await setUpRecovery(opened)
    const file = await opened.client.vault.backUp({ passphrase })
    await opened.client.vault.rotate({})
    blockClean()
    const { protection } = await opened.client.vault.restore({ file, passphrase, recoveryKey })
    expect(protection.warnings).toEqual([oldCopyIsThere])
    opened = await opened.reopen()
    expect((await opened.client.engine.status()).protection).toMatchObject({ locked: false })
    expect((await opened.client.audit.list({ limit: 1 }))[0]).toMatchObject({ action: 'vault.restore' })
  })

  test('is in force and warns: an automatic backup that cannot remove an older one', async () => {
    await setUpRecovery(opened)
    const copies = temporaryFolder()
    const schedule = { folder: copies, everyHours: 1, keep: 1, passphrase }
    await opened.client.vault.setSchedule({ schedule })
    const [first = ''] = readdirSync(copies)
    mkdirSync(join(copies, first.replace(/\d{8}T/, '20200101T')))
    const set = await opened.client.vault.setSchedule({ schedule: { ...schedule, everyHours: 2 } })
    expect(set?.lastRun).toMatchObject({ ok: true })
    const { protection } = await opened.client.engine.status()
    expect(protection.warnings).toEqual([expect.stringContaining('automatic backup that is too old')])
    rmSync(copies, { recursive: true })
  })

  test('is told by the command line, which succeeds', async () => {
    const home = temporaryHome()
    expect((await edgekeep(home, ['status'])).out).not.toContain('Warning')
    blockClean(home)
    const { status, out } = await edgekeep(home, ['vault', 'rotate'])
    expect([status, out]).toEqual([0, expect.stringMatching(/sealed anew\.\nWarning: An old copy/)])
    expect((await edgekeep(home, ['status'])).out).toMatch(/Warning\s+An old copy/)
    expect((await edgekeep(home, ['vault', 'protect'])).out).toMatch(/Warning\s+An old copy/)
  })
})
