import { describe, expect, test, vi } from 'vitest'
import {
  namesInVault,
  replacementsOf,
  withoutNames,
  withoutProgramOutput,
} from '../../../../../src/cli/commands/files/replaced-names.ts'
import type { Client } from '../../../../../src/client/client.ts'
import { runProgram } from '../../../../../src/engine/core/run-program.ts'

const account = {
  name: 'Shop account',
  contact: ['mailto:anna@private.example'],
  directoryUrl: 'https://acme.intern.example/directory',
  accountUrl: 'https://acme.intern.example/acct/7',
}
const row = { at: '2026-01-01T00:00:00.000Z', actor: 'engine', before: null }
const audit = [
  ...Array.from({ length: 1000 }, (_, at) => ({
    ...row,
    sequence: 1001 - at,
    action: 'x.y',
    subject: 'edge',
  })),
  {
    ...row,
    sequence: 1,
    action: 'domain.remove',
    subject: '*.gone.test',
    before: {
      origin: { host: 'backend', hostHeader: null },
      at: '2026-01-01T00:00:00.000Z',
      version: '1.2.3',
    },
  },
]

function clientOf(): Client {
  const list =
    <T>(items: T[]) =>
    () =>
      Promise.resolve(items)
  return {
    domains: { watch: list([{ type: 'snapshot', items: [], complete: true, certificates: [] }]) },
    certificates: { list: list([]) },
    acme: { accounts: list([account]), dnsMethods: list([]) },
    notices: { list: list([{ name: 'team', settings: { kind: 'slack' }, place: 'https://hooks.example' }]) },
    audit: {
      list: ({ limit, before = 1002 }: { limit: number; before?: number }) =>
        Promise.resolve(audit.filter(({ sequence }) => sequence < before).slice(0, limit)),
    },
  } as unknown as Client
}

describe('the names replaced in a bug report', () => {
  test('are those of accounts, channels and every page of the audit trail', async () => {
    const names = await namesInVault(clientOf())
    expect(names).toEqual(
      expect.arrayContaining([
        ...['Shop account', 'anna@private.example', 'acme.intern.example', account.accountUrl],
        ...['team', 'https://hooks.example', 'gone.test', 'backend'],
      ]),
    )
    for (const each of ['edge', '1.2.3', row.at]) expect(names).not.toContain(each)
  })

  test('are found in any case, in JSON and in other letters, and plain words by themselves alone', () => {
    const replacements = replacementsOf(['shop.test', 'a "b"', 'xn--mnchen-3ya.test', 'mine'], '/data')
    const text = `www.SHOP.test ${JSON.stringify('a "b"')} münchen.test mine determined /data/x`
    expect(withoutNames(text, replacements)).toBe(
      'www.name-1.example "name-2.example" name-3.example name-4.example determined DATA/x',
    )
  })
})

test('the home folder / of a user without one is not replaced', () => {
  vi.stubEnv('HOME', '/')
  vi.stubEnv('USERPROFILE', '/')
  expect(withoutNames('https://a/b in /data/x', replacementsOf([], '/data'))).toBe('https://a/b in DATA/x')
  vi.unstubAllEnvs()
})

test('the output of a program that was killed is removed, for its time or for its length', async () => {
  const long = runProgram([process.execPath, '-e', 'console.error("token".repeat(20_000))'])
  for (const text of ['it did not end within 0.5 seconds: token', await long.catch(String)]) {
    expect(text).toContain('token')
    expect(withoutProgramOutput(String(text))).not.toContain('token')
  }
})

test('the output of a program is removed to the end of its string', () => {
  const line = JSON.stringify({ reason: 'by "m": "it ended with 1: bad \\ "token"".', at: 1 })
  expect(withoutProgramOutput(line)).toBe(
    '{"reason":"by \\"m\\": \\"it ended with 1: [output removed]","at":1}',
  )
})
