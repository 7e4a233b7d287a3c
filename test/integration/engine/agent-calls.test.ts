import { createRouterClient } from '@orpc/server'
import { expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { contract } from '../../../src/contract/procedures.ts'
import { router } from '../../../src/engine/engine.ts'
import { createTestAuthority, issueTestLeaf } from '../../support/pki/certificates.ts'
import { foundInText, needlesOf } from '../../support/pki/needles.ts'
import { openTestEngine } from '../../support/engine/engine.ts'
import { provoked } from '../../support/provoked-codes.ts'

async function agentOfEngine(uptime?: () => number) {
  const opened = await openTestEngine(undefined, undefined, null, uptime ? { uptime } : {})
  onTestFinished(opened.close)
  const agent = createRouterClient(router, { context: opened.engine.contextFor('agent') }) as Client
  return { agent, opened }
}

async function codeOf(act: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await act()
    return undefined
  } catch (error) {
    const { code } = error as { code: string }
    provoked(code)
    return code
  }
}

test('an agent may make none of the calls that are not on its list, whatever it sends', async () => {
  let now = 0
  const { agent, opened } = await agentOfEngine(() => (now += 1000))
  const refused: string[] = []
  const groups = agent as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
  for (const [group, calls] of Object.entries(contract))
    for (const name of Object.keys(calls)) {
      const code = await codeOf(async () => groups[group]?.[name]?.({}))
      if (code === 'agent.never_allowed') refused.push(`${group}.${name}`)
    }
  for (const path of ['vault.backUp', 'certificates.export', 'engine.end', 'engine.setAgents', 'traffic.har'])
    expect(refused).toContain(path)
  const all = Object.values(contract).flatMap(Object.keys).length
  expect(all - refused.length).toBeLessThanOrEqual(17)
  const [last] = await opened.client.audit.list({ limit: 1 })
  expect(last).toMatchObject({ actor: 'agent', action: 'agent.refused' })
})

test('an agent cannot unmask traffic, and its calls are counted', async () => {
  const { agent, opened } = await agentOfEngine(() => 0)
  expect(await codeOf(() => agent.traffic.watch({ reveal: true }))).toBe('agent.never_allowed')
  await agent.certificates.list()
  const rows = await opened.client.audit.list({ limit: 10 })
  expect(rows.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    'agent.call certificates.list',
    'agent.refused traffic.watch',
  ])
  const codes = new Set<string | undefined>()
  for (let made = 0; made < 130; made += 1) codes.add(await codeOf(() => agent.domains.list()))
  expect([...codes]).toEqual([undefined, 'agent.too_many_calls'])
})

test('a key that an agent sends in place of a name or a path is not in the audit trail', async () => {
  const { agent, opened } = await agentOfEngine(() => 0)
  const { keyPem } = issueTestLeaf(createTestAuthority(), { names: ['shop.test'] })
  const oneLine = keyPem.replace(/-----.*-----|\s/g, '')
  for (const domain of [keyPem, oneLine])
    expect(await codeOf(() => agent.domains.check({ domain }))).toBeDefined()
  await agent.agents.readFiles({ files: ['/srv/shop.crt', keyPem] })
  const rows = await opened.client.audit.list({ limit: 10 })
  expect(rows[0]?.after).toEqual({ files: ['/srv/shop.crt', '(neither a name nor a path)'] })
  expect(foundInText(JSON.stringify(rows), needlesOf(keyPem))).toEqual([])
})
