import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { administratorsShell } from '../../../../src/platform/commands/administrator.ts'
import { installIn, undoIn } from '../../../../src/engine/trust/stores/change-store.ts'
import { findClients } from '../../../../src/engine/trust/clients/find-clients.ts'
import { findStores } from '../../../../src/engine/trust/stores/find-stores.ts'
import type { TrustedRoot } from '../../../../src/engine/trust/stores/roots.ts'
import { guardedScript, literal, onePowerShellScript } from '../../../../src/platform/commands/powershell.ts'
import { windowsStore, type WindowsDomain } from '../../../../src/engine/trust/stores/windows.ts'
import { findWindowsHost, wslSetting } from '../../../../src/engine/trust/stores/windows-host.ts'
import {
  changesOf,
  madeRoot,
  madeRoots,
  recordedSystem,
  type RecordedSystem,
} from '../../../support/engine/recorded-system.ts'

/* Windows as it was recorded, by a real program that reads the scripts and answers. No Windows was seen. */

const powershell = 'System32/WindowsPowerShell/v1.0/powershell.exe'
const { current, earlier, wanted } = await madeRoots()
let computer: RecordedSystem
beforeEach(() => {
  computer = recordedSystem('win32')
  computer.hostEnvironment.env.SystemRoot = join(computer.root, 'Windows')
  computer.program(`Windows/${powershell}`, 'powershell')
})
afterEach(() => computer.close())

function store(domain: WindowsDomain) {
  const side = findWindowsHost(computer.hostEnvironment)
  if (!side) throw new Error('There is no Windows.')
  return windowsStore(side, domain)
}
const derOf = ({ pem }: TrustedRoot) => pem.replaceAll(/-----[^-]+-----|\s/g, '')
const keep = (place: string, Root: TrustedRoot[], Disallowed: TrustedRoot[] = []) =>
  writeFileSync(
    join(computer.state, `${place}.json`),
    JSON.stringify({ Root: Root.map(derOf), Disallowed: Disallowed.map(derOf) }),
  )

describe('the roots of a Windows account', () => {
  test('have the authority added after Windows asked, read back, and taken out again', async () => {
    expect(await store('user').read(wanted)).toMatchObject({ state: 'missing' })
    expect(await installIn(store('user'), changesOf(computer, wanted))).toMatchObject({ outcome: 'done' })
    expect(await store('user').read(wanted)).toMatchObject({
      state: 'trusted',
      present: [current.fingerprint],
    })
    expect(await undoIn(store('user'), changesOf(computer, wanted))).toMatchObject({ outcome: 'done' })
    expect(computer.kept('CurrentUser.json')).toEqual({ Root: [], Disallowed: [] })
  })

  test('need no dialog for existing roots, and lose an earlier root', async () => {
    const other = await madeRoot(9)
    keep('CurrentUser', [other, earlier])
    expect(await store('user').read(wanted)).toMatchObject({ state: 'stale' })
    await installIn(store('user'), changesOf(computer, wanted))
    expect(computer.kept('CurrentUser.json')).toMatchObject({ Root: [derOf(other), derOf(current)] })
    computer.answer('no')
    // No step is left to ask about.
    expect(await installIn(store('user'), changesOf(computer, wanted))).toMatchObject({ outcome: 'done' })
  })

  test('are as they were where the person says no', async () => {
    computer.answer('no')
    expect(await installIn(store('user'), changesOf(computer, wanted))).toMatchObject({
      outcome: 'failed',
      sentence: 'Windows asked, and was told no. Nothing was changed.',
    })
    expect(await store('user').read(wanted)).toMatchObject({ state: 'missing' })
  })

  test('serve where the computer trusts the root, which an undo of theirs leaves', async () => {
    keep('LocalMachine', [current])
    expect(await store('user').read(wanted)).toMatchObject({ state: 'trusted', present: [] })
    expect(await store('machine').read(wanted)).toMatchObject({
      state: 'trusted',
      present: [current.fingerprint],
    })
  })

  test('tell a root that was forbidden by hand', async () => {
    keep('CurrentUser', [current], [current])
    expect(await store('user').read(wanted)).toMatchObject({ state: 'distrusted' })
  })

  test('cannot be changed if PowerShell may call no method, and a sentence explains that', async () => {
    writeFileSync(join(computer.state, 'constrained'), '')
    expect(await store('user').read(wanted)).toMatchObject({
      state: 'unreadable',
      sentence: expect.stringContaining('language mode'),
    })
    expect(await installIn(store('user'), changesOf(computer, wanted))).toMatchObject({ outcome: 'failed' })
  })

  test('are changed by Windows’ own PowerShell, whatever is first on PATH', async () => {
    computer.write('bin/powershell.exe', '#!/bin/sh\nexit 99\n', 0o755)
    computer.write('bin/certutil.exe', '#!/bin/sh\nexit 99\n', 0o755)
    expect(await installIn(store('user'), changesOf(computer, wanted))).toMatchObject({ outcome: 'done' })
  })
})

describe('an administrator of Windows', () => {
  test('is asked by User Account Control, for a script that no quote of ends early', () => {
    const hostile = `it's "quoted" ’ $(Get-Item) \`n`
    const shell = administratorsShell(onePowerShellScript([{ title: hostile, commands: '$x = 1' }]), {
      platform: 'win32',
      isRoot: false,
      env: { SystemRoot: 'C:\\Windows' },
    })
    expect(shell.program).toContain('powershell.exe')
    const outer = Buffer.from(shell.words.at(-1) ?? '', 'base64').toString('utf16le')
    expect(outer).toContain('-Verb RunAs -Wait')
    const [, encoded] = /'-EncodedCommand', '([A-Za-z0-9+/=]+)'/.exec(outer) ?? []
    expect(Buffer.from(encoded ?? '', 'base64').toString('utf16le')).toContain(
      literal(`${hostile}: failed. `),
    )
    expect(literal(hostile)).toBe(`'it''s "quoted" ’’ $(Get-Item) \`n'`)
    expect(shell.refusal({ status: 1, stdout: '', stderr: 'NOT GIVEN\r\n' })).toBe(
      'The rights of the administrator were not given.',
    )
  })

  test('reports a script that is too long for Windows', () => {
    const long = administratorsShell('x'.repeat(40_000), { platform: 'win32', isRoot: false, env: {} })
    expect(Buffer.from(long.words.at(-1) ?? '', 'base64').toString('utf16le')).not.toContain('Start-Process')
    expect(long.refusal({ status: 1, stdout: '', stderr: 'TOO LONG' })).toContain('longer than Windows lets')
  })

  test('changes the roots of the computer, by a script that was shown', async () => {
    const script = store('machine').commands('install', wanted)
    expect(script).toContain(`X509Store('Root', 'LocalMachine')`)
    const side = findWindowsHost(computer.hostEnvironment)
    expect(await side?.run(guardedScript([script]))).toMatchObject({ status: 0 })
    expect(await store('machine').read(wanted)).toMatchObject({ state: 'trusted' })
  })
})

test('an administrator of macOS is asked by its own dialog, and the script is a word of its own', () => {
  const script = `echo "it's"`
  const shell = administratorsShell(script, { platform: 'darwin', isRoot: false, env: {} })
  expect(shell.program).toBe('/usr/bin/osascript')
  expect(shell.words.at(-1)).toBe(script)
  expect(shell.words.slice(0, -1).join(' ')).not.toContain(script)
  expect(shell.refusal({ status: 1, stdout: '', stderr: 'execution error: User canceled. (-128)' })).toBe(
    'The rights of the administrator were not given.',
  )
})

describe('a WSL', () => {
  let wsl: RecordedSystem
  beforeEach(() => {
    wsl = recordedSystem('linux')
    wsl.write('proc/sys/kernel/osrelease', '6.6.87.2-microsoft-standard-WSL2\n')
    wsl.write('proc/sys/fs/binfmt_misc/WSLInterop', 'enabled\n')
    wsl.program(`mnt/c/Windows/${powershell}`, 'powershell')
  })
  afterEach(() => wsl.close())

  test('has the roots of the Windows beside it changed by Windows’ own program', async () => {
    const [user, machine] = findStores(wsl.hostEnvironment).beside
    if (!user || !machine) throw new Error('There is no Windows beside it.')
    expect(await installIn(user, changesOf(wsl, wanted))).toMatchObject({ outcome: 'done' })
    expect(wsl.kept('CurrentUser.json')).toMatchObject({ Root: [derOf(current)] })
    expect(await machine.obstacle()).toMatchObject({
      sentence: expect.stringContaining('administrator of Windows'),
    })
    expect(
      findClients(wsl.hostEnvironment, findStores(wsl.hostEnvironment))
        .filter(({ kind }) => kind === 'system')
        .map(({ name, optional }) => [name, optional]),
    ).toEqual([
      ['Windows, beside this WSL', false],
      ['Other users and services of Windows', true],
    ])
  })

  test('finds Windows where wsl.conf mounts it', () => {
    wsl.write('etc/wsl.conf', '[automount]\nroot = /drives/ # ours\n')
    expect(findWindowsHost(wsl.hostEnvironment)).toBeUndefined()
    wsl.program(`drives/c/Windows/${powershell}`, 'powershell')
    expect(findWindowsHost(wsl.hostEnvironment)?.folder).toBe(join(wsl.root, 'drives/c/Windows'))
  })

  test.each([
    ['wsl.conf', () => wsl.write('etc/wsl.conf', '[Interop]\nEnabled=false\n')],
    ['the kernel', () => rmSync(join(wsl.root, 'proc/sys/fs/binfmt_misc/WSLInterop'))],
  ])('that runs no programs of Windows, by %s, says so and how to turn it on', async (_, turnOff) => {
    turnOff()
    const [user] = findStores(wsl.hostEnvironment).beside
    expect(await user?.obstacle()).toMatchObject({ sentence: expect.stringContaining('[interop]') })
    expect(await user?.read(wanted)).toMatchObject({ state: 'unreadable' })
    expect(wsl.calls('scripts.log')).toEqual([])
  })

  test.each([
    ['in quotes, with a comment', '[automount]\nroot="/drives/" # ours\n', '/drives/'],
    ['in any case, with other lines', '[network]\nroot=no\n[ AutoMount ]\n#root=no\n ROOT =  /d/\r\n', '/d/'],
    ['of nothing', '[automount]\nroot=\n', ''],
    ['in another section', '[network]\nroot=no\n', undefined],
    ['without an equals sign', '[automount]\nroot\n', undefined],
    ['with blanks without end', `[automount]\nroot=${' '.repeat(200_000)}x"" y\n`, 'x"" y'],
  ])('has a setting read %s', (_, settings, value) => {
    wsl.write('etc/wsl.conf', settings)
    expect(wslSetting(wsl.hostEnvironment, 'automount', 'root')).toBe(value)
  })

  test('needs Windows beside its Linux', () => {
    mkdirSync(join(computer.root, 'mnt/c/Windows'), { recursive: true })
    expect(findWindowsHost({ ...computer.hostEnvironment, platform: 'linux' })).toBeUndefined()
    expect(wslSetting(computer.hostEnvironment, 'network', 'generateHosts')).toBeUndefined()
  })
})
