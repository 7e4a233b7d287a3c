import { execFileSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { writeOutput } from '../../../../src/cli/input/files.ts'
import { posixOnly } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

test.each([
  ['missing/shop.csr', 'its folder does not exist'],
  ['', 'it is a folder'],
])('a file that cannot be written is named as it was given, with the reason: "%s"', (name, why) => {
  const path = join(temporaryFolder(), name)
  expect(() => writeOutput(path, new Uint8Array(1), 'public')).toThrow(
    `${path} cannot be written: ${why}. Choose another place.`,
  )
})

describe('a secret output file', () => {
  const secret = Buffer.from('secret')

  test(
    'stays hidden from a program that has the file before it open, and from its hard links',
    posixOnly,
    () => {
      const folder = temporaryFolder()
      const path = join(folder, 'client.p12')
      writeFileSync(path, 'before', { mode: 0o644 })
      linkSync(path, join(folder, 'link'))
      const reader = openSync(path, 'r')
      onTestFinished(() => closeSync(reader))

      writeOutput(path, secret, 'secret')

      const seen = Buffer.alloc(secret.length)
      readSync(reader, seen, 0, seen.length, 0)
      expect(seen.toString()).toBe('before')
      expect(readFileSync(join(folder, 'link'), 'utf8')).toBe('before')
      expect(readFileSync(path, 'utf8')).toBe('secret')
      expect(statSync(path).mode & 0o777).toBe(0o600)
      expect(readdirSync(folder).toSorted()).toEqual(['client.p12', 'link'])
    },
  )

  test('replaces the target of a symbolic link and leaves the link', posixOnly, () => {
    const folder = temporaryFolder()
    const target = join(folder, 'target')
    writeFileSync(target, 'before')
    symlinkSync(target, join(folder, 'link'))
    writeOutput(join(folder, 'link'), secret, 'secret')
    expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
    expect(readFileSync(target, 'utf8')).toBe('secret')
  })

  test('leaves nothing behind where it cannot be put in place', () => {
    const folder = temporaryFolder()
    expect(() => writeOutput(folder, secret, 'secret')).toThrow(`${folder} cannot be written`)
    expect(readdirSync(join(folder, '..')).filter((name) => name.startsWith(`${folder}.`))).toEqual([])
  })

  test('goes into a named pipe', posixOnly, () => {
    const path = join(temporaryFolder(), 'pipe')
    execFileSync('mkfifo', [path])
    const reader = openSync(path, 'r+')
    onTestFinished(() => closeSync(reader))
    writeOutput(path, secret, 'secret')
    const seen = Buffer.alloc(secret.length)
    readSync(reader, seen)
    expect(seen.toString()).toBe('secret')
  })
})
