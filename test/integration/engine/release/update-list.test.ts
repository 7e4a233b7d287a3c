import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { newUpdateKey, signContent } from '../../../../scripts/release/update-key.ts'
import { manifestSchema } from '../../../../src/main/updates/manifest.ts'
import { verifySignature } from '../../../../src/main/updates/signature.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const dayMs = 86_400_000
const { privateKey, publicKey } = newUpdateKey()
let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '0.3.0' }))
  writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## [0.3.0]\n\n- Domains answer sooner.\n')
  mkdirSync(join(folder, 'packages'))
  writeFileSync(join(folder, 'packages', 'Edgekeep-x64.AppImage'), 'edgekeep 0.3.0')
})

const script = resolve('scripts/release/updates.ts')
const environment = { PATH: process.env['PATH'], EDGEKEEP_UPDATE_KEY: privateKey }
const run = (...given: string[]) =>
  execFileSync(process.execPath, [script, ...given], { cwd: folder, env: environment, encoding: 'utf8' })
const path = (name: string) => join(folder, 'packages', name)

function signedList() {
  const content = readFileSync(path('updates.json'))
  verifySignature(content, readFileSync(path('updates.json.minisig'), 'utf8'), publicKey)
  return manifestSchema.parse(JSON.parse(content.toString('utf8')))
}

const daysLeft = (expiresAt: string) => Math.round((Date.parse(expiresAt) - Date.now()) / dayMs)

describe('The list of a release', () => {
  test('is signed with an end after ninety days', () => {
    expect(run('sign', 'packages')).toContain('Signed 0.3.0, valid until 20')
    const { expiresAt, version } = signedList()
    expect({ version, days: daysLeft(expiresAt) }).toEqual({ version: '0.3.0', days: 90 })
  })

  test('is renewed without its packages, and changes in its end alone', () => {
    run('sign', 'packages')
    const before = { ...signedList(), expiresAt: new Date(Date.now() - dayMs).toISOString() }
    const content = JSON.stringify(before)
    writeFileSync(path('updates.json'), content)
    writeFileSync(path('updates.json.minisig'), signContent(Buffer.from(content), privateKey, 'timestamp:1'))
    run('renew', 'packages')
    const { expiresAt, ...rest } = signedList()
    expect(daysLeft(expiresAt)).toBe(90)
    expect({ ...rest, expiresAt: before.expiresAt }).toEqual(before)
  })

  test('is not renewed when another key has signed it, or when it was changed', () => {
    run('sign', 'packages')
    const content = readFileSync(path('updates.json'))
    const attempt = () =>
      spawnSync(process.execPath, [script, 'renew', 'packages'], { cwd: folder, env: environment })
    writeFileSync(path('updates.json'), content.toString('utf8').replace('0.3.0', '0.4.0'))
    expect(attempt().status).not.toBe(0)
    const strange = signContent(content, newUpdateKey().privateKey, 'timestamp:1')
    writeFileSync(path('updates.json'), content)
    writeFileSync(path('updates.json.minisig'), strange)
    expect(attempt().status).not.toBe(0)
    expect(readFileSync(path('updates.json.minisig'), 'utf8')).toBe(strange)
  })
})
