import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findElectron } from '../../../src/launch/electron-binary.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

function install(root: string, files: string[]) {
  const folder = join(root, 'node_modules', 'electron')
  mkdirSync(join(folder, 'dist'), { recursive: true })
  for (const file of files) writeFileSync(join(folder, file), file === 'path.txt' ? 'electron' : '45.0.0')
  return join(folder, 'dist', 'electron')
}

test('finds a program that was unpacked whole', () => {
  const root = temporaryFolder()
  const program = install(root, ['path.txt', 'dist/version', 'dist/electron'])
  expect(findElectron(root, {})).toBe(program)
})

test.each([
  ['the package alone', []],
  ['an unpacking that was cut off', ['dist/version', 'dist/electron']],
  ['a program that was taken away', ['path.txt', 'dist/version']],
])('finds none in %s', (_what, files) => {
  const root = temporaryFolder()
  install(root, files)
  expect(findElectron(root, {})).toBeNull()
})

test('looks where ELECTRON_OVERRIDE_DIST_PATH says', () => {
  const root = temporaryFolder()
  install(root, ['path.txt', 'dist/version'])
  writeFileSync(join(root, 'electron'), '')
  expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: root })).toBe(join(root, 'electron'))
})
