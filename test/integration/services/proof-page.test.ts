import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../../../src/client/client.ts'
import type { ProofPageEvent } from '../../../src/contract/trust.ts'
import { openBrowser } from '../../support/browser.ts'
import { whyNoBrowserTrust } from '../../support/browser-trust.ts'
import { openTestEngine, testEdge, type TestEngine } from '../../support/engine.ts'
import { needs } from '../../support/needs.ts'

/* The page that proves a browser which is open already, with a real Chromium. */

let opened: TestEngine
let client: Client
beforeAll(async () => {
  opened = await openTestEngine(undefined, undefined, testEdge)
  client = opened.client
  await client.authority.rotate({})
})
afterAll(() => opened.close())

async function openPage() {
  const controller = new AbortController()
  const stream = await client.trust.provePage(undefined, { signal: controller.signal })
  const events = stream[Symbol.asyncIterator]() as AsyncIterator<ProofPageEvent>
  const { value } = (await events.next()) as { value: ProofPageEvent }
  if (value.type !== 'page') throw new Error('The page comes first.')
  const outcome = async () => ((await events.next()) as { value: ProofPageEvent }).value
  return { address: value.address, outcome, end: () => events.return?.(undefined), controller }
}

interface Sent {
  method?: string
  path?: string
  host?: string
  origin?: string
}

/** By the loopback's address, whatever the name is. */
function send(address: string, { method = 'GET', path = '/', host, origin }: Sent): Promise<number | null> {
  const { port, host: own } = new URL(address)
  return new Promise((resolve) => {
    const headers = { host: host ?? own, ...(origin === undefined ? {} : { origin }) }
    request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .once('error', () => resolve(null))
      .end()
  })
}

describe('a browser that is open', () => {
  const missing = whyNoBrowserTrust()
  needs(missing)

  test.each([
    [true, 'trusted', 'This browser trusts the local authority.'],
    [false, 'refused', 'This browser refused the edge.'],
  ] as const)(
    'that trusts the authority: %s, is told by the page and to the engine: %s',
    { timeout: 60_000 },
    async (trusts, outcome, heading) => {
      const { root } = (await client.authority.get())!
      const browser = await openBrowser(trusts ? { authorityPem: root.pem } : {})
      try {
        const { address, outcome: event } = await openPage()
        const page = await browser.context.newPage()
        await page.goto(address)
        await page.getByRole('heading', { name: heading }).waitFor()
        expect(await event()).toMatchObject({ type: 'outcome', outcome })
        expect(await send(address, {})).toBeNull()
        expect(opened.engine.context.parts.passing.rows()).toEqual([])
      } finally {
        await browser.close()
      }
    },
  )
})

test('the page answers by its own name alone, takes one word of its own origin, and is gone with whoever waits for it', async () => {
  const { address, end, outcome } = await openPage()
  const { origin, port } = new URL(address)
  expect(await send(address, {})).toBe(200)
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'evil.test'])
    expect(await send(address, { host })).toBe(403)
  expect(await send(address, { path: '/other' })).toBe(404)
  const word = { method: 'POST', path: '/refused' }
  expect(await send(address, word)).toBe(404)
  expect(await send(address, { ...word, origin: 'https://evil.test' })).toBe(404)
  expect(await send(address, { ...word, origin })).toBe(204)
  expect(await outcome()).toMatchObject({ outcome: 'refused' })
  await end()

  const { address: second, controller, outcome: later } = await openPage()
  const waiting = later().catch(() => 'aborted')
  controller.abort()
  await waiting
  await expect.poll(() => send(second, {})).toBeNull()
  expect(opened.engine.context.parts.passing.rows()).toEqual([])
})
