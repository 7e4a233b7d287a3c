import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { provenSetup } from '../../../../../src/cli/commands/setup/prove-setup.ts'
import type { ClientTrust } from '../../../../../src/contract/trust/trust.ts'

/* The engine's calls, as it answers them; the real ones are in test/integration/engine/domain-proof.test.ts. */

const printed: string[] = []
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
})
afterEach(() => {
  vi.restoreAllMocks()
  printed.length = 0
})

const clients = [
  { id: 'chromium', kind: 'browser', name: 'Chromium', unprovable: null, optional: false, proof: null },
  { id: 'curl', kind: 'tool', name: 'curl', unprovable: null, optional: false, proof: null },
]

function engine(trust: Record<string, ClientTrust>, leads = 'here') {
  const runs: string[][] = []
  const report = {
    domain: 'shop.test',
    host: 'shop.test',
    leads,
    sentence: 'It is elsewhere.',
    fix: 'Do it.',
  }
  const client = {
    names: { status: async () => ({ names: [report] }) },
    trust: { status: async () => ({ clients }) },
    domains: { get: async () => ({ https: { state: 'on', outage: null } }) },
    engine: { status: async () => ({ edge: { https: { port: 8443 } } }) },
    setup: {
      async prove(selection: { clients: string[] }) {
        runs.push(selection.clients)
        const tried = clients.filter(({ id }) => selection.clients.includes(id))
        return (async function* () {
          // The address is there before other clients are run.
          if (selection.clients.includes('curl'))
            expect(printed.join('')).toContain('https://shop.test:8443/')
          for (const each of tried) yield { type: 'proof', client: { ...each, trust: trust[each.id] } }
        })()
      },
    },
  }
  return { client: client as never, runs }
}

const opened: string[] = []
const work = (client: never) => ({
  client,
  global: {},
  opened: (address: string) => void opened.push(address),
})

test('prints the address once the browsers accept the domain, and runs the other clients after that', async () => {
  const { client, runs } = engine({ chromium: 'proven', curl: 'variables' })
  const result = await provenSetup(work(client), ['shop.test'])
  expect(printed).toEqual(['Green in Chromium: https://shop.test:8443/\n'])
  expect(opened).toEqual(['https://shop.test:8443/'])
  expect(runs).toEqual([['chromium'], ['curl']])
  expect(result.no).toBeUndefined()
  expect(result.text).toContain('Only with "edgekeep trust env"')
})

test('is not done where a browser refuses the domain, and says where its name leads', async () => {
  const { client, runs } = engine({ chromium: 'refused' }, 'elsewhere')
  const result = await provenSetup(work(client), ['shop.test'])
  expect(printed).toEqual(['Not green yet: https://shop.test:8443/ It is elsewhere. Do it.\n'])
  expect(runs).toEqual([['chromium']])
  expect(result.no?.code).toBe('setup.not_green')
  expect(result.data.address).toBeNull()
})
