import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { autostartPlace } from '../../../src/contract/engine/autostart-place.ts'
import { setAutostart } from '../../../src/main/start-at-login.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const command = ['/opt/Edgekeep/edgekeep', '--home', '/home/a b/100% "mine" $x\\y', '--hidden']

test('an entry starts the app without a window, with words quoted as the specification says', () => {
  const file = autostartPlace({}, temporaryFolder(), '/data')
  setAutostart(file, true, command)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(
    String.raw`Exec=/opt/Edgekeep/edgekeep --home "/home/a b/100%% \\"mine\\" \\$x\\\\y" --hidden`,
  )
})

test('turned off, the entry is gone, and nothing else of the folder', () => {
  const folder = join(temporaryFolder(), 'autostart')
  const file = join(folder, 'edgekeep.desktop')
  expect(autostartPlace({ XDG_CONFIG_HOME: dirname(folder) }, '/a', '/a/.local/share/edgekeep')).toBe(file)
  setAutostart(file, true, command)
  writeFileSync(join(folder, 'other.desktop'), '')
  setAutostart(file, false, command)
  setAutostart(file, false, command)
  expect(existsSync(file)).toBe(false)
  expect(existsSync(join(folder, 'other.desktop'))).toBe(true)
})

test('another data folder has an entry of its own, and leaves that of the first alone', () => {
  const person = temporaryFolder()
  const first = autostartPlace({}, person, join(person, '.local/share/edgekeep'))
  const second = autostartPlace({}, person, '/tmp/second')
  expect(second).not.toBe(first)
  setAutostart(first, true, command)
  setAutostart(second, false, command)
  expect(existsSync(first)).toBe(true)
})
