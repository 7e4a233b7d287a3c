import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autostartMark, autostartPlace } from '../../../src/contract/engine/autostart-place.ts'
import { servicePlace } from '../../../src/contract/engine/service-place.ts'
import { edgekeep as typed, type Ran } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { absent, needs } from '../../support/needs.ts'

const missing =
  process.platform !== 'linux'
    ? 'the stores of this system are not known yet'
    : absent('chromium', 'certutil')

const shared = 'the certificates that Chromium-based browsers share'
const held = expect.stringContaining(shared) as string

let folder: string
let person: string
let home: string
let autostart: string
const before = {
  HOME: process.env.HOME,
  XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME,
  PATH: process.env.PATH,
}

beforeAll(async () => {
  if (missing) return
  folder = temporaryFolder()
  person = join(folder, 'person')
  home = join(folder, 'home')
  autostart = autostartPlace({}, person, home)
  for (const each of [home, join(person, '.pki/nssdb'), dirname(autostart)])
    mkdirSync(each, { recursive: true, mode: 0o700 })
  spawnSync('certutil', ['-N', '--empty-password', '-d', `sql:${join(person, '.pki/nssdb')}`])
  process.env.HOME = person
  delete process.env.XDG_CONFIG_HOME
  // systemd does not run in a container.
  for (const name of ['systemctl', 'loginctl'])
    writeProgram(join(folder, 'bin', name), `echo "${name} $*" >> '${join(folder, 'calls')}'`)
  process.env.PATH = `${join(folder, 'bin')}:${process.env.PATH}`
  await edgekeep('domain', 'add', 'shop.test', '--origin', 'http://127.0.0.1:9')
})
afterAll(() => {
  if (missing) return
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  rmSync(folder, { recursive: true, force: true })
})

const edgekeep = (...words: string[]): Promise<Ran> => typed(home, words)
const installed = () => edgekeep('trust', 'install', '--client', 'chromium', '--yes')

/** The files of the person's database, by their names and sums. */
function database(): Record<string, string> {
  const place = join(person, '.pki/nssdb')
  const sum = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(place, name)))
      .digest('hex')
  return Object.fromEntries(readdirSync(place).map((name) => [name, sum(name)]))
}

function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
}

describe('an act that takes the root away', () => {
  needs(missing)

  test('says before and after which stores still have it, and what to do', async () => {
    const untrusted = await edgekeep('authority', 'allow', 'example.net', '--yes')
    expect(untrusted.out).toContain('To make clients trust it: edgekeep trust install')
    await installed()
    const asked = await edgekeep('authority', 'rotate', '--json')
    expect([asked.status, asked.json().error?.code]).toEqual([2, 'usage.wrong'])
    expect(asked.json().error?.message).toContain(shared)
    const rotated = await edgekeep('authority', 'allow', 'example.org', '--yes', '--json')
    expect(rotated.json()).toMatchObject({ ok: true, heldBy: [shared] })
    const told = await edgekeep('authority', 'disallow', 'example.org', '--yes')
    expect(told.out).toContain(
      `These still have the earlier root: ${shared}.\nTo put the new one in its place: edgekeep trust install\nTo take it out: edgekeep trust undo`,
    )
    expect((await edgekeep('trust', '--client', 'chromium', '--json')).json()['clients']).toMatchObject([
      { state: 'stale' },
    ])
  })

  test('undoes the trust first where it is told to, and only after that was shown and agreed to', async () => {
    const found = database()
    const asked = await edgekeep('authority', 'rotate', '--undo-trust')
    expect(asked.status).toBe(2)
    expect(asked.err).toEqual(held)
    expect(database()).toEqual(found)
    const rotated = await edgekeep('authority', 'rotate', '--undo-trust', '--yes')
    expect(rotated.out).toMatch(/as it was +the certificates that Chromium/)
    expect(rotated.out).not.toContain('still have')
    expect(rotated.status).toBe(0)
    const undo = await edgekeep('trust', 'undo', '--client', 'chromium', '--yes')
    expect(undo.out).toBe('There is nothing to undo.\n')
  })
})

test('a restore says which stores trust the authority that it may replace, and takes it out of them where it is told to', async ({
  skip,
}) => {
  if (missing) skip(missing)
  const found = database()
  const set = (await edgekeep('vault', 'recovery-key', '--new', '--yes', '--json')).json()
  const { key } = set['recoveryKey'] as { key: string }
  const passphrase = 'correct horse battery staple'
  const file = join(folder, 'vault.backup')
  expect((await typed(home, ['backup', file, '--password-stdin'], `${passphrase}\n`)).status).toBe(0)
  await edgekeep('authority', 'allow', 'example.net', '--yes')
  await installed()
  const words = ['restore', file, '--password-stdin', '--json']
  const secrets = `${passphrase}\n${key}\n`
  const asked = (await typed(home, words, secrets)).json()
  expect(asked.error).toMatchObject({ code: 'usage.wrong', message: held })
  expect(database()).not.toEqual(found)
  const restored = (await typed(home, [...words, '--undo-trust', '--yes'], secrets)).json()
  expect(restored).toMatchObject({ ok: true, outcomes: [{ title: shared, outcome: 'exact' }] })
  expect(database()).toEqual(found)
})

describe('an uninstall', () => {
  needs(missing)

  test('shows its plan and changes nothing until it is agreed to, then leaves everything as it was', async () => {
    const found = database()
    await installed()
    await edgekeep('settings', '--start-at-login', 'yes')
    writeFileSync(autostart, `[Desktop Entry]\n${autostartMark}\nExec=edgekeep\n`)
    const changed = database()
    expect(changed).not.toEqual(found)
    const asked = await edgekeep('uninstall')
    expect([asked.status, database(), existsSync(autostart)]).toEqual([2, changed, true])
    expect(asked.err).toEqual(held)
    expect(asked.err).toContain('- Edgekeep no longer starts when you log in.')
    const done = await edgekeep('uninstall', '--yes')
    expect(done.out).toMatch(/as it was +the certificates that Chromium/)
    expect(done.out).toMatch(/done +start at login/)
    expect(done.out).toContain(`- Delete ${home} if you no longer need`)
    expect([done.status, database(), existsSync(autostart)]).toEqual([0, found, false])
    const settings = (await edgekeep('settings', '--json')).json()
    expect(JSON.stringify(settings)).toContain('"startAtLogin":false')
    expect((await edgekeep('domain', 'list', '--json')).json()['domains']).toHaveLength(1)
    const again = await edgekeep('uninstall')
    expect([again.status, again.out.split('\n')[0]]).toEqual([0, 'Nothing on this computer is changed.'])
  })

  test('removes the systemd unit, with the lingering that was turned on for it, after showing both', async () => {
    await edgekeep('service', 'install', '--yes')
    const unit = servicePlace({}, person, home)
    const name = basename(unit)
    rmSync(join(folder, 'calls'))
    writeFileSync(
      join(person, '.bashrc'),
      'alias ll=ls\nsource <(edgekeep completion bash)\n# edgekeep trust env\n',
    )
    const asked = await edgekeep('uninstall')
    expect(asked.err).toContain(
      `    systemctl --user disable ${name}\n    rm ${unit}\n    systemctl --user daemon-reload\n    loginctl disable-linger\n`,
    )
    expect([asked.status, existsSync(unit), existsSync(join(folder, 'calls'))]).toEqual([2, true, false])
    const done = await edgekeep('uninstall', '--yes')
    expect(done.out).toMatch(/done +the systemd unit +Edgekeep no longer starts at boot\./)
    expect(done.out).toContain(`- Delete line 2 of ${join(person, '.bashrc')}, which runs Edgekeep.\n- `)
    expect([done.status, existsSync(unit)]).toEqual([0, false])
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe(
      `systemctl --user disable ${name}\nsystemctl --user daemon-reload\nloginctl disable-linger\n`,
    )
  })

  test('needs no passphrase, and leaves alone another program’s entry of that name', async () => {
    const found = database()
    await installed()
    const passphrase = 'correct horse battery staple\n'
    const words = ['vault', 'protect', 'passphrase', '--password-stdin']
    expect((await typed(home, words, passphrase.repeat(2))).status).toBe(0)
    writeFileSync(autostart, '[Desktop Entry]\nExec=mine\n')
    const again = await edgekeep('trust', 'install', '--client', 'curl', '--yes', '--json')
    expect(again.json().error?.code).toBe('vault.locked')
    const done = await edgekeep('uninstall', '--yes')
    expect([done.status, database()]).toEqual([0, found])
    expect(readFileSync(autostart, 'utf8')).toBe('[Desktop Entry]\nExec=mine\n')
    // Long timeout: a key derivation of one second takes many on a busy machine.
  }, 180_000)
})
