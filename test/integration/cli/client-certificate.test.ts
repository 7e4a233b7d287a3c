import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edgekeep } from '../../support/processes/cli.ts'
import { temporaryFolder } from '../../support/engine/engine.ts'

let folder: string
beforeAll(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'home'), { mode: 0o700 })
})
afterAll(() => rmSync(folder, { recursive: true }))

function issue(passphrase: string, out: string) {
  const device = ['--for', 'client', '--holder', 'phone', '--out', join(folder, out)]
  return edgekeep(
    join(folder, 'home'),
    ['cert', 'issue', ...device, '--new-password-stdin'],
    `${passphrase}\n`,
  )
}

describe('the passphrase of a certificate for another device', () => {
  test('is refused where it is shorter than a vault’s', async () => {
    const { status, err } = await issue('short', 'short.p12')
    expect([status, err]).toEqual([2, expect.stringContaining('needs 8 characters or more')])
    expect(existsSync(join(folder, 'short.p12'))).toBe(false)
  })

  test('draws a warning where it is easy to guess, as a vault’s does', async () => {
    const { status, err } = await issue('password1', 'guessable.p12')
    expect([status, err]).toEqual([0, expect.stringContaining('easy to guess')])
  })

  test('draws none where it is hard to guess; the file is its owner’s alone', async () => {
    const { status, err } = await issue('harbor violin meadow cactus', 'good.p12')
    expect([status, err]).toEqual([0, ''])
    if (process.platform !== 'win32') expect(statSync(join(folder, 'good.p12')).mode & 0o777).toBe(0o600)
  })
})
