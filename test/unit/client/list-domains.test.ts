import { expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import { listDomains } from '../../../src/client/domains.ts'

/** Client whose list of domains has one part. */
function clientOf(complete: boolean): Pick<Client, 'domains'> {
  async function* watch() {
    yield { type: 'snapshot', items: [], certificates: [], complete }
  }
  return { domains: { watch: async () => watch() } } as unknown as Client
}

test('a list of domains that ends before its last part is refused', async () => {
  expect(await listDomains(clientOf(true))).toEqual([])
  await expect(listDomains(clientOf(false))).rejects.toMatchObject({ code: 'engine.unreachable' })
})
