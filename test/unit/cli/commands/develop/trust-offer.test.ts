import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { Client } from '../../../../../src/client/client.ts'
import { offerTrust, printTrust } from '../../../../../src/cli/commands/develop/trust-offer.ts'
import { openHome } from '../../../../../src/engine-process/home.ts'
import { planOwner } from '../../../../../src/platform/commands/host-environment.ts'
import { agreeingTerminal } from '../../../../support/processes/agreeing-terminal.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'

afterEach(() => vi.restoreAllMocks())

/** A computer with one browser; `applied` counts the installations. */
function computer({ trusts = false } = {}) {
  const folder = join(temporaryFolder(), 'home')
  mkdirSync(folder, { mode: 0o700 })
  let applied = 0
  const step = { obstacle: null, title: 'Firefox', change: 'Adds the root.', elevated: false, commands: null }
  const trust = {
    status: async () => ({
      clients: [{ kind: 'browser', optional: false, trust: trusts ? 'trusted' : 'untrusted' }],
    }),
    plan: async () => ({
      id: 'x',
      action: 'install',
      owner: planOwner(),
      steps: [step],
      elevatedScript: null,
      command: 'edgekeep trust install',
    }),
    apply: async function* () {
      applied += 1
      yield { type: 'outcome', outcome: { outcome: 'done', title: 'Firefox', sentence: '' } }
    },
  }
  return {
    place: { home: openHome(folder), json: false },
    client: { trust } as unknown as Client,
    applied: () => applied,
  }
}

test('trust is offered at a terminal, and installed once it is agreed to', async () => {
  const { place, client, applied } = computer()
  const terminal = agreeingTerminal()
  await offerTrust(place, client)
  expect(terminal.questions()).toEqual(['Install it? [y/N]'])
  expect(applied()).toBe(1)
})

test('a person who says no is not asked again, and is given the command for later', async () => {
  const { place, client, applied } = computer()
  const terminal = agreeingTerminal('n')
  await offerTrust(place, client)
  await offerTrust(place, client)
  await printTrust(place, client)
  expect(terminal.questions()).toHaveLength(1)
  expect(terminal.shown().split('edgekeep trust install')).toHaveLength(2)
  expect(applied()).toBe(0)
})

test('the command is named where nobody can be asked, and nothing where browsers trust the authority', async () => {
  const { place, client } = computer()
  const lines: string[] = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
  await offerTrust({ ...place, json: true }, client)
  await printTrust({ ...place, json: true }, client)
  expect(lines).toEqual([expect.stringContaining('"type":"note","note":"Your browsers do not trust')])
  agreeingTerminal()
  const trusting = computer({ trusts: true })
  await offerTrust(trusting.place, trusting.client)
  expect(trusting.applied()).toBe(0)
})
