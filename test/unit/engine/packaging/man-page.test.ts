import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { manPage } from '../../../../packaging/linux/man-page.ts'
import { createProgram } from '../../../../src/cli/program.ts'
import { absent, unless } from '../../../support/needs.ts'

const page = manPage(createProgram(() => undefined))

test('the manual page has the name, every command and its options', () => {
  expect(page).toContain('.SH NAME\nedgekeep \\- local HTTPS edge and certificate vault\n')
  expect(page).toContain('.SS "edgekeep domain add ')
  expect(page).toContain('.TP\n.B \\-\\-origin <')
  expect(page.match(/^\.SS /gm)?.length).toBeGreaterThan(100)
})

test('the manual page formats without a warning', unless(absent('man')), () => {
  const { stdout, stderr } = spawnSync('man', ['--warnings', '--local-file', '-'], {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, MANPAGER: 'cat', MANWIDTH: '80' },
  })
  expect(stderr).toBe('')
  expect(stdout).toContain('EXIT STATUS')
})
