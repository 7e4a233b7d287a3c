import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { autostartPlace } from '../../../src/contract/rules/autostart-place.ts'
import { setAutostart } from '../../../src/main/start-at-login.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const command = ['/opt/Edgekeep/edgekeep', '--home', '/home/a b/100% "mine" $x\\y', '--hidden']

test('an entry starts the app without a window, with words quoted as the specification says', () => {
  const file = autostartPlace({}, temporaryFolder())
  setAutostart(file, true, command)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(
    String.raw`Exec=/opt/Edgekeep/edgekeep --home "/home/a b/100%% \\"mine\\" \\$x\\\\y" --hidden`,
  )
})

test('turned off, the entry is gone, and nothing else of the folder', () => {
  const folder = join(temporaryFolder(), 'autostart')
  const file = join(folder, 'edgekeep.desktop')
  expect(autostartPlace({ XDG_CONFIG_HOME: dirname(folder) }, '/nowhere')).toBe(file)
  setAutostart(file, true, command)
  writeFileSync(join(folder, 'other.desktop'), '')
  setAutostart(file, false, command)
  setAutostart(file, false, command)
  expect(existsSync(file)).toBe(false)
  expect(existsSync(join(folder, 'other.desktop'))).toBe(true)
})
