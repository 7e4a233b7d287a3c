import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { installIn, undoIn } from '../../../../src/engine/trust/stores/change-store.ts'
import { findClients } from '../../../../src/engine/trust/clients/find-clients.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import { thumbprintOf, type TrustedRoot } from '../../../../src/engine/trust/stores/roots.ts'
import { keychainStore } from '../../../../src/engine/trust/stores/keychain.ts'
import {
  changesOf,
  madeRoot,
  madeRoots,
  recordedSystem,
  type RecordedSystem,
} from '../../../support/engine/recorded-system.ts'

/* macOS as it was recorded, by a real program that answers as `security` was recorded to. No Mac was seen. */

const { current, earlier, wanted } = await madeRoots()
let mac: RecordedSystem
beforeEach(() => {
  mac = recordedSystem('darwin')
  mac.program('usr/bin/security', 'security')
  mac.write('home/Library/Keychains/login.keychain-db', '')
})
afterEach(() => mac.close())

const login = () => keychainStore(mac.hostEnvironment, 'login')
const system = () => keychainStore(mac.hostEnvironment, 'system')
const sha1 = ({ pem }: TrustedRoot) => thumbprintOf(pem).toUpperCase()
const inLogin = () => mac.kept('keychains/login.keychain-db.json')

describe('the login keychain', () => {
  test('has the authority added and trusted for web sites alone, read back, and taken out again', async () => {
    expect(await login().read(wanted)).toMatchObject({ state: 'missing' })
    expect(await installIn(login(), changesOf(mac, wanted))).toMatchObject({ outcome: 'done' })
    expect(await login().read(wanted)).toMatchObject({ state: 'trusted', present: [current.fingerprint] })
    const [added] = mac.calls('argv.log').filter((call) => (call as string[])[0] === 'add-trusted-cert')
    const keychain = join(mac.hostEnvironment.home, 'Library/Keychains/login.keychain-db')
    expect(added).toEqual([
      ...['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-p', 'basic', '-k', keychain],
      expect.stringContaining(mac.hostEnvironment.folder),
    ])
    expect(await undoIn(login(), changesOf(mac, wanted))).toMatchObject({
      outcome: 'done',
      sentence: 'The local authority is out of it, and nothing else was changed.',
    })
    expect(inLogin()).toEqual([])
    expect(mac.kept('settings-user.json')).toEqual({})
    expect(readdirSync(mac.hostEnvironment.folder).filter((name) => name.startsWith('keychain-'))).toEqual([])
  })

  test('shows beforehand the commands that are then run', async () => {
    const shown = login().commands('install', wanted).split('\n')
    await installIn(login(), changesOf(mac, wanted))
    const ran = mac.calls('argv.log').filter((call) => (call as string[])[0] === 'add-trusted-cert')
    const withoutFile = (words: string[]) => words.slice(0, -1).join(' ')
    expect(shown.map((line) => withoutFile(line.split(' ').slice(1)))).toEqual(
      ran.map((call) => withoutFile(call as string[])),
    )
  })

  test('is as it was where the person says no to macOS', async () => {
    mac.answer('no')
    expect(await installIn(login(), changesOf(mac, wanted))).toMatchObject({
      outcome: 'failed',
      sentence: 'macOS asked for your password, and was told no. Nothing was changed.',
    })
    expect(inLogin()).toEqual([])
  })

  test('keeps the authority where the person says no to its removal', async () => {
    await installIn(login(), changesOf(mac, wanted))
    mac.answer('no')
    expect(await undoIn(login(), changesOf(mac, wanted))).toMatchObject({ outcome: 'failed' })
    expect(await login().read(wanted)).toMatchObject({ state: 'trusted' })
  })

  test('loses an earlier root and keeps those of others', async () => {
    const other = await madeRoot(7)
    mkdirSync(join(mac.state, 'keychains'))
    writeFileSync(
      join(mac.state, 'keychains/login.keychain-db.json'),
      JSON.stringify([other.pem, earlier.pem]),
    )
    writeFileSync(
      join(mac.state, 'settings-user.json'),
      JSON.stringify({ [sha1(other)]: 1, [sha1(earlier)]: 1 }),
    )
    expect(await login().read({ ...wanted, ours: [current] })).toMatchObject({ state: 'another' })
    expect(await login().read(wanted)).toMatchObject({ state: 'stale' })
    await installIn(login(), changesOf(mac, wanted))
    expect(inLogin()).toEqual([other.pem, current.pem])
    await undoIn(login(), changesOf(mac, wanted))
    expect(inLogin()).toEqual([other.pem])
    expect(mac.kept('settings-user.json')).toEqual({ [sha1(other)]: 1 })
  })

  test('tells a root that was distrusted by hand, and one that was only added', async () => {
    mkdirSync(join(mac.state, 'keychains'))
    writeFileSync(join(mac.state, 'keychains/login.keychain-db.json'), JSON.stringify([current.pem]))
    expect(await login().read(wanted)).toMatchObject({ state: 'missing' })
    writeFileSync(join(mac.state, 'settings-user.json'), JSON.stringify({ [sha1(current)]: 3 }))
    expect(await login().read(wanted)).toMatchObject({ state: 'distrusted' })
  })

  test.each([
    ['cut off', '<?xml version="1.0"?><plist version="1.0"><dict><key>trustList</key><dict><key>AA'],
    ['binary', 'bplist00\u0000'],
    ['of another kind', '<plist version="1.0"><array/></plist>'],
    ['nested without end', `<plist version="1.0">${'<array>'.repeat(100_000)}`],
  ])('cannot be read where its trust settings are %s, and is left alone', async (_, plist) => {
    writeFileSync(join(mac.state, 'settings-user.json'), JSON.stringify({ [sha1(earlier)]: 1 }))
    writeFileSync(join(mac.state, 'plist'), plist)
    expect(await login().read(wanted)).toMatchObject({
      state: 'unreadable',
      sentence: expect.stringContaining('The trust settings cannot be read'),
    })
    expect(await undoIn(login(), changesOf(mac, wanted))).toMatchObject({ outcome: 'failed' })
  })

  test('is an obstacle of its own if it or its tool is absent', async () => {
    const bare = recordedSystem('darwin')
    expect(await keychainStore(bare.hostEnvironment, 'login').obstacle()).toMatchObject({
      sentence: expect.stringContaining('/usr/bin/security'),
    })
    bare.close()
  })
})

describe('the system keychain', () => {
  const carryOut = (action: 'install' | 'undo') =>
    spawnSync('/bin/sh', ['-c', `umask 022\n( set -e\n${system().commands(action, wanted)}\n)`], {
      encoding: 'utf8',
    })

  test('is changed by a script that the administrator’s shell runs, for all users, and undone by another', async () => {
    expect(carryOut('install')).toMatchObject({ status: 0, stderr: expect.stringContaining('') })
    expect(await system().read(wanted)).toMatchObject({ state: 'trusted' })
    expect(mac.calls('argv.log')).toContainEqual(
      expect.arrayContaining(['add-trusted-cert', '-d', '-r', 'trustRoot']),
    )
    expect(carryOut('undo').status).toBe(0)
    expect(mac.kept('keychains/System.keychain.json')).toEqual([])
    expect(mac.kept('settings-admin.json')).toEqual({})
  })

  test('is not changed if macOS could not show its own dialog', async () => {
    mac.answer('nobody')
    const ran = carryOut('install')
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toContain('no user interaction was possible')
    expect(await system().read(wanted)).toMatchObject({ state: 'missing' })
  })

  test('does not help where the person themself denies the root', async () => {
    carryOut('install')
    writeFileSync(join(mac.state, 'settings-user.json'), JSON.stringify({ [sha1(current)]: 3 }))
    expect(await system().read(wanted)).toMatchObject({ state: 'distrusted' })
  })
})

test('the clients of a Mac are browsers on the system’s keychains, a Firefox that reads them, and one set not to', () => {
  for (const name of ['Safari', 'Google Chrome'])
    mac.write(`Applications/${name}.app/Contents/Info.plist`, '')
  const firefox = 'home/Library/Application Support/Firefox'
  mac.write(
    `${firefox}/profiles.ini`,
    '[Profile0]\nName=own\nIsRelative=1\nPath=Profiles/a\n[Profile1]\nName=off\nIsRelative=1\nPath=Profiles/b\n',
  )
  mac.write(`${firefox}/Profiles/a/prefs.js`, 'user_pref("app.update.auto", false);\n')
  mac.write(`${firefox}/Profiles/b/prefs.js`, 'user_pref("security.enterprise_roots.enabled", false);\n')
  for (const name of ['curl', 'wget']) mac.write(`bin/${name}`, '#!/bin/sh\n', 0o755)
  const found = findStores(mac.hostEnvironment)
  const clients = findClients(mac.hostEnvironment, found).filter(({ name }) => !name.startsWith('Node'))
  const keychains = ['keychain:login', 'keychain:system']
  expect(clients.map(({ name, stores, optional }) => [name, stores, optional ?? false])).toEqual([
    ['Safari', keychains, false],
    ['Google Chrome', keychains, false],
    ['Firefox, profile own', keychains, false],
    ['Firefox, profile off', [expect.stringContaining('Profiles/b')], false],
    ['curl', [...keychains, 'bundle'], false],
    ['wget', ['bundle'], false],
    ['Other users and services', ['keychain:system'], true],
  ])
  expect(existsSync(join(mac.state, 'argv.log'))).toBe(false)
})
