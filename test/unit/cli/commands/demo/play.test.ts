import { afterEach, beforeEach, expect, test, vi, type MockInstance } from 'vitest'
import { play, type Step } from '../../../../../src/cli/commands/demo/play.ts'

let written: MockInstance<typeof process.stdout.write>
beforeEach(() => {
  written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterEach(() => written.mockRestore())

const output = () => written.mock.calls.map(([text]) => String(text)).join('')

function step(title: string, act: () => Promise<string>): Step<null> {
  return { title, act }
}

const holds = step('First', () => Promise.resolve('seen'))
const fails = step('Second', () => Promise.reject(new Error('not what was expected')))
const never = step('Third', () => Promise.resolve('must not be reached'))

test('the demo stops at the first step that does not hold, says which, and exits with 1', async () => {
  expect(await play([holds, fails, never], null, false)).toBe(1)
  expect(output()).toContain('✗ The demo stopped at: Second: not what was expected.')
  expect(output()).not.toContain('Third')
})

test('JSON output is one object with the code', async () => {
  expect(await play([holds, fails], null, true)).toBe(1)
  expect(JSON.parse(output())).toMatchObject({
    ok: false,
    error: { code: 'demo.failed' },
    steps: [{ ok: true }, { ok: false }],
  })
})

test('a demo exits with 0 if all steps hold', async () => {
  expect(await play([holds], null, true)).toBe(0)
  expect(JSON.parse(output())).toMatchObject({ ok: true, steps: [{ title: 'First', seen: 'seen' }] })
})
