import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { TrustOutcome } from '../../../../src/contract/trust/trust.ts'
import {
  applyChanges,
  type Change,
  createPlans,
  elevatedChange,
  type Elevation,
  ownStep,
} from '../../../../src/engine/changes/changes.ts'
import { unless } from '../../../support/needs.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

const step = (store: string) => ownStep({ store, title: store, location: '', change: `Changes ${store}.` })
const elevated = (store: string): Change =>
  elevatedChange(
    { ...step(store), elevated: true, commands: 'true' },
    async () => ({ isDone: false, now: '', why: 'It is not changed.' }),
    async () => undefined,
  )
const own = (store: string, more: Partial<Change> = {}): Change => ({
  ...{ step: step(store), act: async () => ({ outcome: 'done', sentence: 'It is done.' }), ...more },
})
const changes = () => [
  own('https'),
  elevated('hosts'),
  elevated('ports'),
  own('edge', { isLast: true, dependsOn: 'ports' }),
]

async function applied(elevation: Elevation): Promise<TrustOutcome[]> {
  const outcomes: TrustOutcome[] = []
  for await (const event of applyChanges(changes(), elevation, undefined))
    if (event.type === 'outcome') outcomes.push(event.outcome)
  return outcomes
}

test('a step that depends on one that is not done is not tried, so that its error misleads nobody', async () => {
  expect(await applied('leave')).toMatchObject([
    { store: 'https', outcome: 'done', dependsOn: null },
    { store: 'hosts', outcome: 'skipped', dependsOn: null },
    { store: 'ports', outcome: 'skipped', dependsOn: null },
    { store: 'edge', outcome: 'skipped', dependsOn: 'ports' },
  ])
})

const linuxOnly = unless(
  process.platform === 'linux' ? undefined : 'other systems have a dialog of their own',
)

test('whether an administrator can be asked is known before anything is done', linuxOnly, async () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000)
  const folder = mkdtempSync(join(tmpdir(), 'edgekeep-path-'))
  vi.stubEnv('PATH', folder)
  try {
    const planned = { action: 'install' as const, command: 'edgekeep setup shop.test' }
    const show = () => createPlans().show(planned, changes())
    expect(show().unaskable).toMatchObject({
      sentence: expect.stringContaining('pkexec is not installed'),
      command: 'edgekeep setup shop.test',
    })
    // The steps have one reason, and no failure of a program that is not there.
    const sentences = (await applied('ask'))
      .filter(({ store }) => store !== 'https')
      .map((each) => each.sentence)
    expect(new Set(sentences)).toEqual(
      new Set([
        'It needs an administrator, who was not asked.',
        'It was not tried: it needs “ports”, which is not done.',
      ]),
    )
    expect(createPlans().show(planned, [own('https')]).unaskable).toBeNull()
    symlinkSync('/bin/true', join(folder, 'pkexec'))
    expect(show().unaskable).toBeNull()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
