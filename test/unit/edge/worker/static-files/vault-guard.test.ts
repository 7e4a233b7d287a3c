import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VaultGuard } from '../../../../../src/edge/worker/static-files/vault-guard.ts'

let base: string
let guard: VaultGuard

const at = (path: string) => join(base, path)
const isOfVault = async (path: string) =>
  guard.isOfVault(await stat(at(path), { bigint: true }), realpathSync(at(path)))

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'edgekeep-guard-')))
  for (const folder of ['vault/logs/old', 'site/sub']) mkdirSync(at(folder), { recursive: true })
  for (const file of ['vault/vault.db', 'vault/logs/old/a.log', 'site/a.txt', 'site/sub/b.txt'])
    writeFileSync(at(file), file)
  guard = new VaultGuard(at('vault'))
})
afterEach(() => rmSync(base, { recursive: true }))

describe('the vault guard', () => {
  test('protects the vault’s folder and everything below it', async () => {
    for (const path of ['vault', 'vault/vault.db', 'vault/logs', 'vault/logs/old/a.log'])
      expect(await isOfVault(path), path).toBe(true)
    for (const path of ['.', 'site', 'site/a.txt', 'site/sub/b.txt'])
      expect(await isOfVault(path), path).toBe(false)
  })

  test('protects another name of one of its files, wherever that is', async () => {
    linkSync(at('vault/vault.db'), at('site/innocent.txt'))
    expect(await isOfVault('site/innocent.txt')).toBe(true)
  })

  test('protects a folder of it under another path, as a mount gives it', async () => {
    expect(await guard.isOfVault(await stat(at('vault/logs'), { bigint: true }), at('site/logs'))).toBe(true)
  })

  test('protects the file that a link of its folder leads to, but not a folder', async () => {
    symlinkSync(at('site/a.txt'), at('vault/linked-file'))
    symlinkSync(at('site/sub'), at('vault/linked-folder'))
    expect(await isOfVault('site/a.txt')).toBe(true)
    expect(await isOfVault('site/sub/b.txt')).toBe(false)
  })

  test('ignores dangling links in the vault’s folder', async () => {
    symlinkSync(at('gone'), at('vault/dangling'))
    symlinkSync(at('vault/loop'), at('vault/loop'))
    symlinkSync(at('site/a.txt/below'), at('vault/below-a-file'))
    expect([await isOfVault('site/a.txt'), await isOfVault('vault/vault.db')]).toEqual([false, true])
  })

  test('protects a file added a moment ago, though the time of its folder does not show it', async () => {
    const now = new Date()
    utimesSync(at('vault'), now, now)
    expect(await isOfVault('site/a.txt')).toBe(false)
    linkSync(at('site/a.txt'), at('vault/a.txt'))
    utimesSync(at('vault'), now, now)
    expect(await isOfVault('site/a.txt')).toBe(true)
  })

  test('protects a file added since the folder was read long after its last change', async () => {
    const before = new Date(Date.now() - 60_000)
    utimesSync(at('vault'), before, before)
    expect([await isOfVault('site/a.txt'), await isOfVault('site/a.txt')]).toEqual([false, false])
    linkSync(at('site/a.txt'), at('vault/a.txt'))
    expect(await isOfVault('site/a.txt')).toBe(true)
  })

  test('protects another folder that has taken its place at the same time of change', async () => {
    const before = new Date(Date.now() - 60_000)
    mkdirSync(at('other'))
    linkSync(at('site/a.txt'), at('other/a.txt'))
    for (const folder of ['vault', 'other']) utimesSync(at(folder), before, before)
    symlinkSync(at('vault'), at('current'))
    guard = new VaultGuard(at('current'))
    expect(await isOfVault('site/a.txt')).toBe(false)
    rmSync(at('current'))
    symlinkSync(at('other'), at('current'))
    expect(await isOfVault('site/a.txt')).toBe(true)
  })
})

describe('the vault guard lets nothing through', () => {
  test('an absent folder of the vault blocks every file', async () => {
    rmSync(at('vault'), { recursive: true })
    await expect(isOfVault('site/a.txt')).rejects.toMatchObject({ code: 'VAULT_FOLDER_ENOENT' })
  })

  test('a link in it that cannot be followed blocks every file', async () => {
    symlinkSync('x'.repeat(300), at('vault/long'))
    await expect(isOfVault('site/a.txt')).rejects.toMatchObject({ code: 'VAULT_FOLDER_ENAMETOOLONG' })
  })
})
