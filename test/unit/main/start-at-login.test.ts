import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { setAutostart } from '../../../src/main/start-at-login.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const command = ['/opt/Edgekeep/edgekeep', '--home', '/home/a b/100% "mine" $x\\y', '--hidden']

test('an entry starts the app without a window, with words quoted as the specification says', () => {
  const folder = join(temporaryFolder(), 'autostart')
  setAutostart(folder, true, command)
  const text = readFileSync(join(folder, 'edgekeep.desktop'), 'utf8')
  expect(text).toContain(
    String.raw`Exec=/opt/Edgekeep/edgekeep --home "/home/a b/100%% \\"mine\\" \\$x\\\\y" --hidden`,
  )
})

test('turned off, the entry is gone, and nothing else of the folder', () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'other.desktop'), '')
  setAutostart(folder, true, command)
  setAutostart(folder, false, command)
  setAutostart(folder, false, command)
  expect(existsSync(join(folder, 'edgekeep.desktop'))).toBe(false)
  expect(existsSync(join(folder, 'other.desktop'))).toBe(true)
})
