import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { neverProvoked } from '../../scripts/provoked.ts'
import { errorRegistry } from '../../src/contract/errors/registry.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const codes = Object.keys(errorRegistry)

test('codes that no process recorded were never provoked', () => {
  const file = join(temporaryFolder(), 'noted')
  writeFileSync(file, 'key.encrypted\nkey.mismatch\nkey.encrypted\nof.another_version\n')
  const { provoked, missing } = neverProvoked(file)
  expect(provoked).toBe(2)
  expect(missing).toEqual(codes.filter((code) => code !== 'key.encrypted' && code !== 'key.mismatch'))
})

test('an absent record means that nothing was provoked', () => {
  expect(neverProvoked(join(temporaryFolder(), 'none'))).toEqual({ provoked: 0, missing: codes })
})
