import { WriteStream } from 'node:tty'
import { afterEach, expect, test, vi } from 'vitest'
import { coloured } from '../../../../src/cli/output/colour.ts'

const { hasColors } = WriteStream.prototype
const getColorDepth = (env = process.env) => WriteStream.prototype.getColorDepth(env)
/** A terminal as Node has it; its colours depend on the environment. */
const terminal = { isTTY: true, hasColors, getColorDepth } as unknown as WriteStream
const text = '✓ Trusted\n✗ Expired\n  ! Old\nDOMAIN     HTTPS\na.test     DOWN (no key)\n✓ in { JSON'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

function atTerminal(env: Record<string, string> = {}): void {
  const others = ['NO_COLOR', 'FORCE_COLOR', 'NODE_DISABLE_COLORS', 'CI', 'TF_BUILD', 'TEAMCITY_VERSION']
  for (const name of others) vi.stubEnv(name, undefined)
  vi.stubEnv('TERM', 'xterm-256color')
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

test('signs, faults and the heads of tables have a colour at a terminal', () => {
  atTerminal()
  expect(
    coloured(text, terminal)
      .split('\n')
      .map((line) => JSON.stringify(line)),
  ).toEqual([
    String.raw`"\u001b[32m✓\u001b[39m Trusted"`,
    String.raw`"\u001b[31m✗\u001b[39m Expired"`,
    String.raw`"\u001b[33m  ! \u001b[39mOld"`,
    String.raw`"\u001b[1mDOMAIN     HTTPS\u001b[22m"`,
    String.raw`"a.test     \u001b[31mDOWN\u001b[39m (no key)"`,
    String.raw`"\u001b[32m✓\u001b[39m in { JSON"`,
  ])
})

test.each([
  ['NO_COLOR', '1'],
  ['TERM', 'dumb'],
])('text stays plain with %s=%s', (name, value) => {
  atTerminal({ [name]: value })
  expect(coloured(text, terminal)).toBe(text)
})

test('text stays plain with --no-color, or without a terminal', () => {
  atTerminal()
  expect(coloured(text, { ...terminal, isTTY: false } as unknown as WriteStream)).toBe(text)
  vi.stubGlobal('process', {
    ...process,
    env: process.env,
    argv: ['node', 'edgekeep', 'status', '--no-color'],
  })
  expect(coloured(text, terminal)).toBe(text)
})
