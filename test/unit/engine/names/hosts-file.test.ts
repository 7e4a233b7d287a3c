import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contradiction,
  isThereByOthers,
  readHostsFile,
  spliced,
  spliceFor,
} from '../../../../src/engine/names/hosts-file.ts'
import { hostsFileScript } from '../../../../src/engine/names/hosts-file-script.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const plain = '127.0.0.1 localhost\n::1 ip6-localhost\n'
const awkward: [what: string, text: string][] = [
  ['an ordinary file', plain],
  ['an empty file', ''],
  ['a last line without an end', '127.0.0.1 localhost'],
  ['CRLF', '127.0.0.1 localhost\r\n# end\r\n'],
  ['CRLF without a last end', '127.0.0.1 localhost\r\n10.0.0.1 nas'],
  ['a mark of UTF-8', '\u00EF\u00BB\u00BF127.0.0.1 localhost\r\n'],
  ['bytes of no encoding', '127.0.0.1 localhost\n# \u00FF\u00FE\u0080\n'],
  ['a quote, a dollar and a backslash', `127.0.0.1 a # '$HOME' \\n %s\n`],
]
const bytesOf = (text: string) => Buffer.from(text, 'latin1')

describe('a block in the hosts file', () => {
  test.each(awkward)('goes into %s and comes out of it, byte for byte', (_, text) => {
    const before = readHostsFile(bytesOf(text))
    const with1 = readHostsFile(spliced(before, spliceFor(before, ['shop.test'])))
    expect(with1.block?.names).toEqual(['shop.test'])
    const with2 = readHostsFile(spliced(with1, spliceFor(with1, ['shop.test', 'a.internal'])))
    expect(with2.block?.names).toEqual(['shop.test', 'a.internal'])
    const after = spliced(with2, spliceFor(with2, []))
    expect(after.toString('latin1')).toBe(text)
  })

  test('goes into any file and comes out of it, byte for byte, also where lines were added behind it', () => {
    const parts = fc.constantFrom('127.0.0.1 a', '\n', '\r\n', '#', ' ', '\t', 'x', '\u00FF', '\r')
    fc.assert(
      fc.property(
        fc.array(parts).map((each) => each.join('')),
        fc.constantFrom('', '10.0.0.1 nas\n', 'x'),
        (text, more) => {
          const before = readHostsFile(bytesOf(text))
          const between = Buffer.concat([spliced(before, spliceFor(before, ['shop.test'])), bytesOf(more)])
          const ours = readHostsFile(between)
          expect(ours.block?.names).toEqual(['shop.test'])
          expect(spliced(ours, spliceFor(ours, [])).toString('latin1')).toBe(text + more)
        },
      ),
    )
  })

  test('keeps the line ends of the file', () => {
    const before = readHostsFile(bytesOf('127.0.0.1 localhost\r\n'))
    const after = spliced(before, spliceFor(before, ['shop.test'])).toString('latin1')
    expect(after.replaceAll('\r\n', '')).not.toContain('\n')
    expect(after).toContain('\r\n127.0.0.1 shop.test\r\n::1 shop.test\r\n')
  })

  test('is not touched where its marks are not one beginning and one end', () => {
    const file = readHostsFile(bytesOf(plain))
    const text = spliced(file, spliceFor(file, ['shop.test'])).toString('latin1')
    const end = '# Edgekeep: end\n'
    for (const broken of [text.replace(end, ''), text + end, text + text, end + text.replace(end, '')])
      expect(() => readHostsFile(bytesOf(broken))).toThrow('by hand')
  })

  test('is never put into a file in UTF-16', () => {
    expect(() => readHostsFile(Buffer.from(plain, 'utf16le'))).toThrow('UTF-16')
  })
})

describe('a line of others', () => {
  const file = readHostsFile(
    bytesOf('0.0.0.0 shop.test # blocked\n# 10.0.0.1 other.test\n127.0.0.1\tHere.Test there.test\n'),
  )
  test('is found if it leads a name elsewhere, and comments do not count', () => {
    expect(contradiction(file, 'shop.test')).toMatchObject({ number: 1, address: '0.0.0.0' })
    expect(contradiction(file, 'other.test')).toBeUndefined()
    expect(contradiction(file, 'here.test')).toBeUndefined()
  })
  test('is found if it already leads a name here', () => {
    expect(isThereByOthers(file, 'here.test')).toBe(true)
    expect(isThereByOthers(file, 'shop.test')).toBe(false)
  })
})

describe('the script of an administrator', () => {
  const shells = ['/bin/sh', '/bin/bash'].filter((shell) => !spawnSync(shell, ['-c', ':']).error)
  const runIn = (shell: string, script: string) =>
    spawnSync(shell, ['-c', `( set -e\n${script}\n)`], { encoding: 'utf8' })

  test.each(shells.flatMap((shell) => awkward.map(([what, text]) => [shell, what, text] as const)))(
    'run by %s on %s writes the block, keeps the permissions, and takes it out again',
    (shell, _, text) => {
      const path = join(temporaryFolder(), 'hosts')
      writeFileSync(path, bytesOf(text))
      chmodSync(path, 0o640)
      const before = readHostsFile(readFileSync(path))
      const put = runIn(
        shell,
        hostsFileScript(path, before, spliceFor(before, ['shop.test', 'a.b.internal'])),
      )
      expect(put).toMatchObject({ status: 0, stderr: '' })
      const now = readHostsFile(readFileSync(path))
      expect(now.block?.names).toEqual(['shop.test', 'a.b.internal'])
      expect(statSync(path).mode & 0o777).toBe(0o640)
      const taken = runIn(shell, hostsFileScript(path, now, spliceFor(now, [])))
      expect(taken).toMatchObject({ status: 0, stderr: '' })
      expect(readFileSync(path, 'latin1')).toBe(text)
      expect(statSync(path).mode & 0o777).toBe(0o640)
      expect(readdirSync(join(path, '..'))).toEqual(['hosts'])
    },
  )

  test('leaves a file alone that has changed since the plan, and nothing beside it', () => {
    const path = join(temporaryFolder(), 'hosts')
    writeFileSync(path, plain)
    const file = readHostsFile(readFileSync(path))
    writeFileSync(path, `${plain}10.0.0.1 nas\n`)
    const ran = runIn('/bin/sh', hostsFileScript(path, file, spliceFor(file, ['shop.test'])))
    expect(ran.status).not.toBe(0)
    expect(ran.stderr).toContain('changed since')
    expect(readFileSync(path, 'utf8')).toBe(`${plain}10.0.0.1 nas\n`)
    expect(readdirSync(join(path, '..'))).toEqual(['hosts'])
  })

  test('says that a step failed where one of its commands did', async () => {
    const { oneScript } = await import('../../../../src/platform/commands/shell.ts')
    const script = oneScript([
      { title: 'first', commands: 'false\necho still here' },
      { title: 'second', commands: 'echo done' },
    ])
    const ran = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
    expect(ran).toMatchObject({ status: 1, stdout: 'done\n', stderr: 'first: failed\n' })
  })
})
