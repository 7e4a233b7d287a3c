import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasTrayHost } from '../../../src/main/closing.ts'
import { posixOnly } from '../../support/needs.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Puts only these programs on the path; each prints its answer, or fails if that is null. */
function onlyPrograms(programs: Record<string, string | null>): void {
  const folder = temporaryFolder()
  for (const [name, answer] of Object.entries(programs)) {
    writeFileSync(
      join(folder, name),
      answer === null ? '#!/bin/sh\nexit 1\n' : `#!/bin/sh\necho '${answer}'\n`,
    )
    chmodSync(join(folder, name), 0o755)
  }
  const before = process.env.PATH
  process.env.PATH = folder
  onTestFinished(() => {
    process.env.PATH = before
  })
}

describe('a tray on Linux', posixOnly, () => {
  test.each([
    ['the first program says so', { gdbus: '(true,)' }, true],
    ['the first program denies it', { gdbus: '(false,)', busctl: 'b true' }, false],
    ['the first program fails and the next says so', { gdbus: null, busctl: 'b true' }, true],
    ['only the last program is there', { 'dbus-send': '   boolean true' }, true],
    ['no program is there', {}, false],
  ])('is known or not: %s', async (_case, programs: Record<string, string | null>, expected) => {
    onlyPrograms(programs)
    expect(await hasTrayHost('linux')).toBe(expected)
  })
})

test('a tray is always there on other systems', async () => {
  expect([await hasTrayHost('darwin'), await hasTrayHost('win32')]).toEqual([true, true])
})
