import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRotatedFile, type RotatedFile } from '../../../../src/platform/log/rotated-file.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

let folder: string
let file: RotatedFile
const path = () => join(folder, 'logs/engine.log')

beforeEach(() => {
  folder = temporaryFolder()
  file = openRotatedFile(join(folder, 'logs'), 'engine')
  file.write('first\n')
})
afterEach(() => {
  file.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a log file', () => {
  test('is made anew with the next line after it was deleted', () => {
    rmSync(path())
    file.write('second\n')
    expect(readFileSync(path(), 'utf8')).toBe('second\n')
  })

  test('stays as it is where it was moved to, and another goes on at its path', () => {
    renameSync(path(), join(folder, 'moved.log'))
    file.write('second\n')
    expect(readFileSync(join(folder, 'moved.log'), 'utf8')).toBe('first\n')
    expect(readFileSync(path(), 'utf8')).toBe('second\n')
  })

  test('is made anew with its folder after that was deleted', () => {
    rmSync(join(folder, 'logs'), { recursive: true })
    file.write('second\n')
    expect(readFileSync(path(), 'utf8')).toBe('second\n')
  })

  test('does not make the home anew that its folder was in', () => {
    renameSync(folder, `${folder}-moved`)
    try {
      expect(() => file.write('second\n')).toThrow(/ENOENT/)
      expect(existsSync(folder)).toBe(false)
    } finally {
      mkdirSync(folder)
      rmSync(`${folder}-moved`, { recursive: true })
    }
  })
})
