import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHome } from '../../../src/engine-process/home.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { posixOnly } from '../../support/needs.ts'

const rightsOf = (path: string) => statSync(path).mode & 0o777

test('makes a home that only its owner can enter', posixOnly, () => {
  const folder = join(temporaryFolder(), 'deep', 'home')
  const home = openHome(folder)
  expect(home).toEqual({ folder, socketPath: join(folder, 'control.sock'), logFolder: join(folder, 'logs') })
  expect(rightsOf(folder)).toBe(0o700)
  expect(rightsOf(home.logFolder)).toBe(0o700)
})

test('takes the folder given, then EDGEKEEP_HOME, then the system’s place for data', () => {
  const folder = temporaryFolder()
  const environment = { EDGEKEEP_HOME: join(folder, 'named') }
  expect(openHome(join(folder, 'given'), environment).folder).toBe(join(folder, 'given'))
  expect(openHome(undefined, environment).folder).toBe(join(folder, 'named'))
  expect(openHome('', environment).folder).toBe(join(folder, 'named'))
})

test('is one home by whatever path it is called', posixOnly, () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
  symlinkSync(join(folder, 'home'), join(folder, 'link'))
  expect(openHome(join(folder, 'link'))).toEqual(openHome(join(folder, 'home')))
})

test('closes an empty folder to others', posixOnly, () => {
  const folder = join(temporaryFolder(), 'home')
  mkdirSync(folder, { mode: 0o755 })
  openHome(folder)
  expect(rightsOf(folder)).toBe(0o700)
})

test('leaves a folder alone that holds something and is open to others', posixOnly, () => {
  const folder = join(temporaryFolder(), 'shared')
  mkdirSync(folder)
  writeFileSync(join(folder, 'letter.txt'), '')
  chmodSync(folder, 0o755)
  expect(() => openHome(folder)).toThrow(
    expect.objectContaining({
      code: 'home.unusable',
      message: expect.stringContaining('chmod 700') as string,
    }),
  )
  expect(rightsOf(folder)).toBe(0o755)
})

test('says when a file is in the home’s place', () => {
  const file = join(temporaryFolder(), 'file')
  writeFileSync(file, '')
  expect(() => openHome(file)).toThrow("Edgekeep's data folder cannot be used: a file is in its place.")
  expect(() => openHome(join(file, 'below'))).toThrow('a file is in its place')
})

test('says when the home’s path is too long for a control socket', posixOnly, () => {
  expect(() => openHome(join(temporaryFolder(), 'x'.repeat(100)))).toThrow(
    'its path is too long for a control socket',
  )
})
