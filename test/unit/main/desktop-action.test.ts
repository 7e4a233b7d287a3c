import { expect, test } from 'vitest'
import { actionOf } from '../../../src/main/desktop.ts'

test.each([
  [['/usr/lib/edgekeep/edgekeep-desktop'], null],
  [['edgekeep-desktop', '--inspector'], 'inspector'],
  [['edgekeep-desktop', '--allow-file-access-from-files', '--pause-https'], 'pause-https'],
  [['edgekeep-desktop', 'pause-https', '--inspector=yes'], null],
])('of %j the app is asked for %s', (argv, action) => {
  expect(actionOf(argv)).toBe(action)
})
