import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { proofsOf } from '../../../../src/engine/trust/proofs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

test('a damaged file has no proofs, and neither has a folder in its place', () => {
  const damaged = temporaryFolder()
  writeFileSync(join(damaged, 'proofs.json'), '[{"client":')
  expect(proofsOf({ folder: damaged }).all()).toEqual([])
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'proofs.json'))
  expect(proofsOf({ folder }).all()).toEqual([])
})
