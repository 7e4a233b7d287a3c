import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { configCommands } from '../../../../../src/cli/commands/vault/config.ts'
import { type Cli, Interruption, type Result, type Session } from '../../../../../src/cli/frame/command.ts'
import type { ConfigurationPlan } from '../../../../../src/contract/domains/configuration.ts'

const folder = mkdtempSync(join(tmpdir(), 'edgekeep-config-'))
const file = join(folder, 'edgekeep.yaml')
writeFileSync(file, 'edgekeep: 1')
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => void vi.spyOn(process.stderr, 'write').mockImplementation(() => true))

const difference = { domain: 'a.test', kind: 'add', field: '', before: null, after: {} } as const
const planOf = (...differences: ConfigurationPlan['differences']): ConfigurationPlan => ({
  version: 7,
  differences,
  cautions: [],
  worse: [],
  untouched: [],
})
const progress = { type: 'progress', done: 250, total: 600 } as const

/** Engine whose call `interrupted` is left at its first progress; `after`: version and plan that it has then. */
function engineOf(interrupted: 'plan' | 'apply', after: { version: number; plan: ConfigurationPlan }) {
  let isLeft = false
  const call = (name: 'plan' | 'apply') =>
    async function* (_input: unknown, { signal }: { signal?: AbortSignal } = {}) {
      yield progress
      if (name === interrupted && !isLeft) {
        isLeft = true
        process.emit('SIGINT')
      }
      signal?.throwIfAborted()
      yield { type: 'done', plan: isLeft ? after.plan : planOf(difference), effect: null }
    }
  const configuration = { version: after.version, inEffect: null }
  return {
    configuration: {
      plan: async (input: unknown, o?: object) => call('plan')(input, o),
      apply: call('apply'),
    },
    engine: { status: async () => ({ configuration }) },
  }
}

async function imported(client: object): Promise<Result> {
  let result: Result | undefined
  const keys: Cli['keys'] =
    (act) =>
    async (...given) => {
      result = await act({ client, global: {} } as unknown as Session, ...given)
    }
  const program = new Command()
  configCommands(program, { keys, facts: keys, answer: () => async () => undefined } as unknown as Cli)
  await program.parseAsync(['config', 'import', '--yes', file], { from: 'user' })
  return result!
}

test.each(['plan', 'apply'] as const)('Ctrl-C during the %s changes nothing, and says so', async (call) => {
  const client = engineOf(call, { version: 7, plan: planOf(difference) })
  const interruption = await imported(client).catch((error: unknown) => error)
  expect(interruption).toBeInstanceOf(Interruption)
  expect((interruption as Interruption).message).toContain('Nothing was changed.')
  expect(process.listenerCount('SIGINT')).toBe(0)
})

test('Ctrl-C that comes after the change says that all was imported', async () => {
  const { text } = await imported(engineOf('apply', { version: 8, plan: planOf() }))
  expect(text).toContain('All was imported before Ctrl-C reached the engine.')
})

test('Ctrl-C before the change, while another caller made one, says that nothing was changed', async () => {
  const client = engineOf('apply', { version: 8, plan: planOf(difference) })
  await expect(imported(client)).rejects.toBeInstanceOf(Interruption)
})
