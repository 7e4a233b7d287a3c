import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeOutput } from '../../../../src/cli/input/files.ts'
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
