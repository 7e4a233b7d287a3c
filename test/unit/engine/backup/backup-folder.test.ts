import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pruneCopies, refuseUnusable, writeCopy } from '../../../../src/engine/backup/backup-folder.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'edgekeep-copies-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const prefix = 'edgekeep-0a1b2c3d-'
const nameOf = (day: number) => `${prefix}202611${String(day).padStart(2, '0')}T120000Z.backup`
const write = (day: number, keep: number, text = `copy ${day}`) => {
  writeCopy(folder, nameOf(day), Buffer.from(text))
  pruneCopies(folder, { prefix, written: nameOf(day), keep })
}
const kept = () => readdirSync(folder).toSorted()
const because = (reason: string) =>
  expect.objectContaining({ code: 'backup.folder_unusable', data: { reason } }) as Error

describe('a copy', () => {
  test('is written for its owner alone, and whole', () => {
    write(1, 3)
    const path = join(folder, nameOf(1))
    expect(readFileSync(path, 'utf8')).toBe('copy 1')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(kept()).toEqual([nameOf(1)])
  })

  test('replaces one of the same second, and the remainder of an interrupted one', () => {
    write(1, 3)
    writeFileSync(join(folder, `${nameOf(1)}.part`), 'half', { mode: 0o644 })
    write(1, 3, 'again')
    expect(kept()).toEqual([nameOf(1)])
    expect(readFileSync(join(folder, nameOf(1)), 'utf8')).toBe('again')
  })

  test('takes the place of the oldest', () => {
    for (const day of [1, 2, 3, 4, 5]) write(day, 3)
    expect(kept()).toEqual([nameOf(3), nameOf(4), nameOf(5)])
    write(6, 1)
    expect(kept()).toEqual([nameOf(6)])
  })

  test('stays although its time is before that of the others: a wrong clock has been corrected', () => {
    for (const day of [20, 21, 22]) write(day, 3)
    write(1, 3)
    expect(kept()).toEqual([nameOf(1), nameOf(21), nameOf(22)])
    write(2, 3)
    expect(kept()).toEqual([nameOf(1), nameOf(2), nameOf(22)])
    write(3, 3)
    expect(kept()).toEqual([nameOf(1), nameOf(2), nameOf(3)])
    write(2, 1)
    expect(kept()).toEqual([nameOf(2)])
  })

  test('leaves all other files of the folder alone', () => {
    const others = ['edgekeep-ffffffff-20261101T120000Z.backup', `${prefix}notes.txt`, 'a.backup']
    for (const other of others) writeFileSync(join(folder, other), '')
    for (const day of [1, 2]) write(day, 1)
    expect(kept()).toEqual([...others, nameOf(2)].toSorted())
  })
})

describe('a folder for copies', () => {
  test('has to exist, by its whole path', () => {
    expect(() => refuseUnusable(folder)).not.toThrow()
    expect(() => refuseUnusable('copies')).toThrow(because('its path does not begin at the root'))
    expect(() => refuseUnusable(join(folder, 'gone'))).toThrow(because('it is not there'))
    writeFileSync(join(folder, 'file'), '')
    expect(() => refuseUnusable(join(folder, 'file'))).toThrow(because('it is not a folder'))
    expect(() => refuseUnusable(join(folder, 'file/below'))).toThrow(because('it is not a folder'))
  })

  test('is reported if it has disappeared, as is any other failure', () => {
    const bytes = Buffer.from('x')
    expect(() => writeCopy(join(folder, 'gone'), nameOf(1), bytes)).toThrow(because('it is not there'))
    expect(() => writeCopy(folder, 'x'.repeat(300), bytes)).toThrow(because('error ENAMETOOLONG'))
  })
})
