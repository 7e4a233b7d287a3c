import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { claimFile, claimFolder } from '../../../../src/engine/vault/private-files.ts'
import { posixOnly } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777
const unusable = (reason: string | RegExp) =>
  expect.objectContaining({
    code: 'home.unusable',
    data: { reason: typeof reason === 'string' ? reason : (expect.stringMatching(reason) as string) },
  }) as Error

describe('a folder for its owner alone', posixOnly, () => {
  test('is made with those above it, or is one that is so already', () => {
    const folder = join(temporaryFolder(), 'a', 'b')
    for (let times = 0; times < 2; times += 1) {
      claimFolder(folder)
      expect(modeOf(folder)).toBe(0o700)
    }
  })

  test('is made of one that others can reach only while nothing is in it', () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o755)
    claimFolder(folder)
    expect(modeOf(folder)).toBe(0o700)
    writeFileSync(join(folder, 'a'), '')
    chmodSync(folder, 0o750)
    expect(() => claimFolder(folder)).toThrow(unusable(/^others .* can reach it \(mode 750\); .*chmod 700$/))
    expect(modeOf(folder)).toBe(0o750)
  })

  test('cannot be a file', () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'as it was')
    expect(() => claimFolder(file)).toThrow(unusable('it is not a folder'))
  })
})

describe('a file for its owner alone', posixOnly, () => {
  test('is created empty, or is already private, and keeps its content', () => {
    const file = join(temporaryFolder(), 'file')
    claimFile(file, 'its file')
    expect([modeOf(file), statSync(file).size]).toEqual([0o600, 0])
    writeFileSync(file, 'more')
    claimFile(file, 'its file')
    expect(statSync(file).size).toBe(4)
  })

  test('cannot be one that others can reach', () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(file, mode)
      expect(() => claimFile(file, 'its file')).toThrow(unusable(/can reach its file \(mode 6/))
    }
  })

  test('cannot be a folder', () => {
    const folder = join(temporaryFolder(), 'folder')
    mkdirSync(folder, { mode: 0o700 })
    expect(() => claimFile(folder, 'its database')).toThrow(unusable('its database is not a file'))
  })
})
