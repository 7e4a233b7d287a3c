import { chmodSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { absent, posixOnly } from '../support/needs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('the programs that a test needs', posixOnly, () => {
  const { PATH } = process.env
  afterEach(() => void (process.env['PATH'] = PATH))

  test('are named with their packages where some are not installed', () => {
    const folder = temporaryFolder()
    const program = path.join(folder, 'nsupdate-of-a-test')
    writeFileSync(program, '#!/bin/sh\n')
    chmodSync(program, 0o755)
    process.env['PATH'] = folder
    expect(absent('nsupdate-of-a-test')).toBeNull()
    expect(absent('nsupdate-of-a-test', 'gnome-keyring-daemon', 'program-of-nobody')).toBe(
      'gnome-keyring-daemon and program-of-nobody are not installed here (Debian: apt install gnome-keyring program-of-nobody)',
    )
  })
})
