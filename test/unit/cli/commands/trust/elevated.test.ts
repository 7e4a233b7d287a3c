import { afterEach, expect, test, vi } from 'vitest'
import { runElevated } from '../../../../../src/cli/commands/trust/elevated.ts'

const wasTerminal = process.stdin.isTTY
afterEach(() => {
  process.stdin.isTTY = wasTerminal
  vi.restoreAllMocks()
})

test('an administrator’s script is asked about at a terminal, and left to the person where the answer is no', async () => {
  process.stdin.isTTY = true
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const asked: string[] = []
  const refused = await runElevated('touch /nowhere/at/all', false, (question) => {
    asked.push(question)
    return Promise.reject(new Error('no'))
  })
  expect(asked).toEqual(['Run this as the administrator?'])
  expect(refused.elevation).toBe('leave')
  expect(refused.words).toContain('touch /nowhere/at/all')
})

test('a privileged command is printed if there is no terminal to confirm on', async () => {
  process.stdin.isTTY = false
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  const printed = await runElevated('true', true, () => Promise.reject(new Error('was asked')))
  expect(printed.words.join(' ')).toContain('There is no terminal')
})

test('a script that was agreed to with the whole plan is not asked about again', async () => {
  process.stdin.isTTY = true
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  vi.stubEnv('PATH', '/nonexistent')
  try {
    const ran = await runElevated('true', true, () => Promise.reject(new Error('was asked')))
    expect(ran.elevation).toBe('taken')
    expect(written).not.toHaveBeenCalled()
  } finally {
    vi.unstubAllEnvs()
  }
})
