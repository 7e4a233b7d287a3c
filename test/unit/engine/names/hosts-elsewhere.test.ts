import { createHash } from 'node:crypto'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { spliced, spliceFor } from '../../../../src/engine/names/hosts-file.ts'
import { lookAtHosts } from '../../../../src/engine/names/hosts-place.ts'
import { hostsFileScript } from '../../../../src/engine/names/hosts-file-script.ts'
import { recordedSystem, type RecordedSystem } from '../../../support/engine/recorded-system.ts'

/* The hosts files of Windows and of a WSL as they were recorded. The script was never run by a PowerShell. */

let system: RecordedSystem
afterEach(() => system.close())

const place = 'Windows/System32/drivers/etc/hosts'
const mark = '\uFEFF'
const theirs = `${mark}# Copyright (c) 1993-2009 Microsoft Corp.\r\n#\t127.0.0.1       localhost\r\n10.0.0.1 nas\r\n`

function windows(text: string): RecordedSystem {
  system = recordedSystem('win32')
  system.hostEnvironment.env.SystemRoot = join(system.root, 'Windows')
  system.write(place, text)
  return system
}

/** Bytes that the script writes, decoded as .NET's streams would. */
function written(script: string, before: Buffer): Buffer {
  const [, listed = ''] = /\$lines = @\(\n?([\s\S]*?)\n?\)\n/.exec(script) ?? []
  const lines = [...listed.matchAll(/^ {2}'((?:[^']|'')*)',?$/gm)].map(([, line = '']) =>
    line.replaceAll("''", "'"),
  )
  const end = script.includes('$_ + "`r`n"') ? '\r\n' : '\n'
  const [, from, to, length] = /Write\(\$read, 0, (\d+)\).*Write\(\$read, (\d+), (\d+)\)$/m.exec(script) ?? []
  const middle = Buffer.from(lines.map((line) => line + end).join(''), 'ascii')
  return Buffer.concat([
    before.subarray(0, Number(from)),
    middle,
    before.subarray(Number(to), Number(to) + Number(length)),
  ])
}

const sumsIn = (script: string) => [...script.matchAll(/-ne '([0-9A-F]{64})'/g)].map(([, sum]) => sum)
const sumOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex').toUpperCase()

describe('the hosts file of Windows', () => {
  test.each([
    ['with its mark and line ends', theirs],
    ['without an end of its last line', `${theirs}10.0.0.2 printer`],
    ['with nothing in it', ''],
  ])('%s is spliced by a script with the sums of before and after, and back', async (_, text) => {
    windows(text)
    const { file, real, obstacle } = await lookAtHosts(system.hostEnvironment)
    if (!file) throw new Error(obstacle?.sentence)
    expect(obstacle).toBeNull()
    const splice = spliceFor(file, ['shop.test', 'a.shop.test'])
    const script = hostsFileScript(real, file, splice, 'win32')
    const after = written(script, file.bytes)
    expect(after).toEqual(spliced(file, splice))
    expect(sumsIn(script)).toEqual([sumOf(file.bytes), sumOf(after)])
    expect(script).toContain(`$file = '${real}'`)
    expect(script).toContain('[IO.File]::Replace($next, $file, [NullString]::Value)')
    system.write(place, after.toString('latin1'))
    const again = await lookAtHosts(system.hostEnvironment)
    if (!again.file) throw new Error(again.obstacle?.sentence)
    const back = hostsFileScript(real, again.file, spliceFor(again.file, []), 'win32')
    expect(sumsIn(back)[1]).toBe(sumOf(written(back, again.file.bytes)))
    if (text !== theirs) return
    expect(readFileSync(join(system.root, place)).subarray(3, 10).toString()).not.toContain('\uFEFF')
  })

  test('is found by SystemRoot, with a quote in its path kept a word', async () => {
    windows(theirs)
    const { file } = await lookAtHosts(system.hostEnvironment)
    if (!file) throw new Error('It cannot be read.')
    const script = hostsFileScript(`C:\\It's’ here`, file, spliceFor(file, ['shop.test']), 'win32')
    expect(script).toContain(`$file = 'C:\\It''s’’ here'`)
  })

  test('stays as it is if it is read-only, with the command that fixes it', async () => {
    windows(theirs)
    chmodSync(join(system.root, place), 0o444)
    expect((await lookAtHosts(system.hostEnvironment)).obstacle).toMatchObject({
      sentence: expect.stringContaining('attrib -r'),
    })
  })

  test('is refused in UTF-16, which a text editor may write', async () => {
    windows('')
    system.write(place, '\uFEFF1\u00002\u0000')
    expect((await lookAtHosts(system.hostEnvironment)).obstacle).toMatchObject({
      sentence: expect.stringContaining('UTF-16'),
    })
  })
})

describe('the hosts file of a WSL', () => {
  function wsl(settings: string): RecordedSystem {
    system = recordedSystem('linux')
    system.write('proc/sys/kernel/osrelease', '6.6.87.2-microsoft-standard-WSL2\n')
    system.write('etc/hosts', '127.0.0.1 localhost\n')
    if (settings !== '') system.write('etc/wsl.conf', settings)
    return system
  }

  test.each(['', '[network]\nhostname = a\n', '[boot]\ngenerateHosts = false\n'])(
    'is left alone if WSL rewrites it at each start (%j)',
    async (settings) => {
      expect((await lookAtHosts(wsl(settings).hostEnvironment)).obstacle).toMatchObject({
        sentence: expect.stringContaining('generateHosts=false'),
      })
    },
  )

  test('is treated as any other if WSL does not generate it', async () => {
    const { obstacle } = await lookAtHosts(wsl('[network]\ngenerateHosts = false\n').hostEnvironment)
    expect(obstacle?.sentence ?? '').not.toContain('WSL')
  })
})
