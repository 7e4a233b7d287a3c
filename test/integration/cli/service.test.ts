import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeepProcess } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'
import { absent, needs } from '../../support/needs.ts'

/* systemd does not run in a container: its two programs are stood in for by ones that note their calls. */
const standIn = `#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
  *is-enabled*|*is-active*) [ -e "$XDG_CONFIG_HOME/systemd/user/$3" ] && [ "$2" = is-enabled ] && echo enabled || echo active ;;
  *show-user*) echo Linger=no ;;
  *restart*) [ -z "$FAIL" ] || { echo "Unit is masked." >&2; exit 1; } ;;
esac
`

let folder: string
let home: string
let unit: string
const missing = process.platform === 'linux' ? null : 'only Linux has systemd'

beforeAll(() => {
  folder = temporaryFolder()
  home = join(folder, 'data "of" 100%')
  for (const each of [home, join(folder, 'bin')]) mkdirSync(each, { mode: 0o700 })
  for (const name of ['systemctl', 'loginctl']) {
    writeFileSync(join(folder, 'bin', name), standIn)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (words: string[], more: NodeJS.ProcessEnv = {}) =>
  edgekeepProcess(home, ['service', ...words], '', {
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    XDG_CONFIG_HOME: join(folder, 'config'),
    CALLS: join(folder, 'calls'),
    ...more,
  })
const calls = () => {
  const text = readFileSync(join(folder, 'calls'), 'utf8')
  rmSync(join(folder, 'calls'))
  return text.trim().split('\n')
}

describe('edgekeep service', () => {
  needs(missing)

  test('shows the unit and the commands, and writes nothing before it is confirmed', async () => {
    const dry = await run(['install', '--dry-run'])
    unit = /^Writes (.*):$/m.exec(dry.out)?.[1] ?? ''
    expect(dry.out).toContain('ExecStart=')
    expect(dry.out).toMatch(/Runs loginctl enable-linger[^]*Nothing was changed\./)
    const unasked = await run(['install', '--json'])
    expect([unasked.status, unasked.json().error?.code]).toEqual([2, 'usage.wrong'])
    expect(existsSync(unit)).toBe(false)
    const none = await run(['status', '--json'])
    expect([none.status, none.json().error?.code]).toEqual([1, 'service.not_running'])
    calls()
  })

  test('installs it, tells its state, and removes it with all that it turned on', async () => {
    const installed = await run(['install', '--yes'])
    expect(installed.status).toBe(0)
    const name = unit.slice(unit.lastIndexOf('/') + 1)
    expect(calls().slice(1)).toEqual([
      'systemctl --user daemon-reload',
      `systemctl --user enable ${name}`,
      `systemctl --user restart ${name}`,
      'loginctl enable-linger',
    ])
    expect(readFileSync(unit, 'utf8')).toContain('data \\"of\\" 100%%"')
    expect((await run(['status'])).out).toContain('Running; does not start at boot.')
    calls()
    const removed = await run(['remove', '--yes'])
    expect([removed.status, removed.out]).toEqual([0, expect.stringContaining('Removed.')])
    expect(calls()).toEqual([
      `systemctl --user disable --now ${name}`,
      'systemctl --user daemon-reload',
      'loginctl disable-linger',
    ])
    expect(existsSync(unit)).toBe(false)
  })

  test('says which command failed', async () => {
    const failed = await run(['install', '--yes', '--json'], { FAIL: '1' })
    expect(failed.json().error).toMatchObject({
      code: 'service.failed',
      message: expect.stringContaining('Unit is masked.'),
    })
    await run(['remove', '--yes'])
  })

  test('leaves a unit of somebody else alone, and refuses an AppImage', async () => {
    writeFileSync(unit, '[Unit]\n')
    for (const words of ['install', 'remove'])
      expect((await run([words, '--yes', '--json'])).json().error?.code).toBe('service.unavailable')
    expect(readFileSync(unit, 'utf8')).toBe('[Unit]\n')
    rmSync(unit)
    const image = await run(['install', '--yes', '--json'], { APPIMAGE: '/x.AppImage' })
    expect(image.json().error?.message).toContain('AppImage')
  })

  test('refuses a data folder with a control character before anything is planned', async () => {
    const injected = `${home}\n[Service]\nExecStartPre=x`
    const refused = await edgekeepProcess(home, [
      '--home',
      injected,
      'service',
      'install',
      '--dry-run',
      '--json',
    ])
    expect([refused.status, refused.json().error?.code]).toEqual([1, 'service.unavailable'])
    expect(existsSync(injected)).toBe(false)
  })

  test('writes a unit that systemd itself accepts', async (context) => {
    if (absent('systemd-analyze')) return context.skip('systemd-analyze is missing')
    await run(['install', '--yes'])
    const verified = spawnSync('systemd-analyze', ['--user', '--man=no', 'verify', unit], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder },
    })
    expect(verified.stderr).not.toContain(unit.slice(unit.lastIndexOf('/') + 1))
    expect(verified.status).toBe(0)
  })
})
