import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { findDesktopProgram, findElectron } from '../../../src/engine-process/electron-binary.ts'
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

test.each([
  ['where the package has fetched its own too', ['path.txt', 'dist/version', 'dist/electron']],
  ['where the package has fetched nothing', []],
])('looks where ELECTRON_OVERRIDE_DIST_PATH says, %s', (_what, files) => {
  const root = temporaryFolder()
  install(root, files)
  const elsewhere = temporaryFolder()
  const program = electronIn(elsewhere)
  expect(findElectron(root, { ELECTRON_OVERRIDE_DIST_PATH: elsewhere })).toBe(program)
})

test('starts an installed desktop app by its own program, and Electron with the folder of a checkout', () => {
  const folder = temporaryFolder()
  const installed = {
    linux: join(folder, 'edgekeep-desktop'),
    win32: join(folder, 'Edgekeep.exe'),
    darwin: join(folder, 'MacOS', 'Edgekeep'),
  }[process.platform as 'linux']
  const root = join(folder, 'resources', 'engine')
  const parts = { nodeRoot: root, inspectOnlyEntry: '', engineEntry: '', rendererFolder: '' }
  expect(findDesktopProgram({ kind: 'desktop', root, ...parts })).toBeNull()
  mkdirSync(dirname(installed), { recursive: true })
  writeFileSync(installed, '')
  mkdirSync(root, { recursive: true })
  expect(findDesktopProgram({ kind: 'desktop', root, ...parts })).toEqual({ program: installed, args: [] })
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', dirname(electronIn(folder)))
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(findDesktopProgram({ kind: 'npm', root, ...parts })).toBeNull()
})

/** Puts a program where Electron's own packages have it on this system. */
function electronIn(folder: string): string {
  const names = {
    win32: ['electron.exe'],
    darwin: ['Electron.app', 'Contents', 'MacOS', 'Electron'],
    linux: ['electron'],
  }
  const path = join(folder, ...names[process.platform as keyof typeof names])
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  return path
}
