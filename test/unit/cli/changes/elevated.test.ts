import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runElevated } from '../../../../src/cli/changes/elevated.ts'
import { posixOnly } from '../../../support/needs.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

const wasTerminal = process.stdin.isTTY
let folder: string
const part = () => ({ script: 'touch /nowhere/at/all', command: 'edgekeep setup shop.test', folder })
const neverAsked = () => Promise.reject(new Error('was asked'))

beforeEach(() => {
  folder = temporaryFolder()
  process.stdin.isTTY = true
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.stubEnv('PATH', folder)
})
afterEach(() => {
  process.stdin.isTTY = wasTerminal
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

function installSudo(): void {
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexit 0\n')
  chmodSync(join(folder, 'sudo'), 0o755)
}

test(
  'an administrator’s script is asked about at a terminal, and left in a file where the answer is no',
  posixOnly,
  async () => {
    installSudo()
    const asked: string[] = []
    const refused = await runElevated(part(), false, (question) => {
      asked.push(question)
      return Promise.reject(new Error('no'))
    })
    expect(asked).toEqual(['Run this as the administrator?'])
    const script = join(folder, 'administrator.sh')
    expect(refused).toEqual({
      elevation: 'leave',
      command: `sudo sh ${script} && edgekeep setup shop.test`,
      lines: [
        '',
        'Left for the administrator, since it was not confirmed. This command does it, and goes on:',
        '',
        `  sudo sh ${script} && edgekeep setup shop.test`,
      ],
    })
    expect(readFileSync(script, 'utf8')).toBe('touch /nowhere/at/all')
    expect(statSync(script).mode & 0o777).toBe(0o600)
  },
)

test.each([
  [false, 'there is no terminal to ask for the password at'],
  [true, 'sudo is not installed'],
])(
  'without an administrator to ask there is one command (terminal: %s)',
  posixOnly,
  async (isTTY, reason) => {
    process.stdin.isTTY = isTTY
    const { lines, command } = await runElevated(part(), true, neverAsked)
    expect(command).toBe(`su -c 'sh ${join(folder, 'administrator.sh')}' && edgekeep setup shop.test`)
    expect(lines.join('\n')).toContain(`since ${reason}.`)
    expect(lines.join('\n')).not.toContain('/nowhere')
  },
)

test('a script that was agreed to with the whole plan is not asked about again', posixOnly, async () => {
  installSudo()
  const ran = await runElevated(part(), true, neverAsked)
  expect(ran).toEqual({ elevation: 'taken', command: null, lines: [] })
  expect(process.stderr.write).not.toHaveBeenCalled()
})
