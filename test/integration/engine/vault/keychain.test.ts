import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { bundledProgram } from '../../../support/processes/bundled-program.ts'
import { absent } from '../../../support/needs.ts'
import { temporaryHome } from '../../../support/vault/vault.ts'

/** A real Secret Service, on a bus and with a keyring of its own, where this machine has the programs. */
const bus = 'dbus-run-session'
const missing = absent(bus, 'gnome-keyring-daemon')

const session = join(import.meta.dirname, '../../../support/vault/keychain-session.sh')
const program = await bundledProgram('vault/keychain-process.ts')

/** A session bus that starts no service. */
const emptyBus = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

/** Opens the vault of `folder` in a session with an unlocked, a locked or no keyring. */
function openInSession(keyring: 'unlocked' | 'locked' | 'missing', folder: string): unknown {
  const environment = {
    ...process.env,
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
  }
  for (const name of ['data', 'run']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  const open = [process.execPath, program, join(folder, 'home')]
  const configuration = join(folder, 'bus.conf')
  writeFileSync(configuration, emptyBus)
  const words =
    keyring === 'missing'
      ? [`--config-file=${configuration}`, '--', ...open]
      : ['--', 'sh', session, keyring, ...open]
  const output = execFileSync(bus, words, {
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return JSON.parse(output)
}

describe('a real keychain', () => {
  beforeEach((context) => {
    if (missing) context.skip(missing)
  })

  test('keeps the key of a vault over sessions, and no key lies in the folder', () => {
    const folder = temporaryHome()
    const protectors: unknown = expect.arrayContaining([{ protector: 'os-keychain', whyNot: null }])
    const opened = { protector: 'os-keychain', weak: false, kept: true, protectors }
    expect(openInSession('unlocked', folder)).toMatchObject(opened)
    expect(openInSession('unlocked', folder)).toMatchObject(opened)
    expect(readdirSync(join(folder, 'home')).filter((name) => name.endsWith('.key'))).toEqual([])
  })

  test('leaves the vault locked and names the remedy if its service is missing', () => {
    const folder = temporaryHome()
    openInSession('unlocked', folder)
    expect(openInSession('missing', folder)).toEqual({
      error: 'vault.locked',
      message:
        'The vault is locked: no keychain service answers in this session. Install and start GNOME Keyring or KWallet, and log in again. Unlock it in the window or with "edgekeep unlock".',
    })
  })

  test('leaves the vault locked if it is locked', () => {
    const folder = temporaryHome()
    openInSession('unlocked', folder)
    expect(openInSession('locked', folder)).toMatchObject({ error: 'vault.locked' })
    expect(openInSession('unlocked', folder)).toMatchObject({ protector: 'os-keychain', kept: true })
  })

  test('makes a new vault weak, with a warning, if it is locked', () => {
    expect(openInSession('locked', temporaryHome())).toMatchObject({ protector: 'key-file', weak: true })
  })
})
